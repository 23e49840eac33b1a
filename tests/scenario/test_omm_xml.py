"""Orbit mean-elements messages in XML."""

from __future__ import annotations

import pytest

from perigrid.scenario.omm import parse_omm_csv
from perigrid.scenario.omm_xml import MAX_DEPTH, parse_omm_xml
from scenario_inputs import OMM_CSV, OMM_XML, changed, told_at

SINGLE = OMM_XML[OMM_XML.index("<omm") : OMM_XML.index("</ndm>")]
LAUGHS = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>\n'
FETCHES = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n'


def test_it_says_what_the_table_says():
    assert parse_omm_xml(OMM_XML, "x") == parse_omm_csv(OMM_CSV, "x")


def test_one_message_may_be_the_root_and_many_may_be_in_one_file():
    assert parse_omm_xml(SINGLE, "x")[0].name == "BIG"
    prefixed = SINGLE.replace("<omm", "<n:omm").replace("</omm", "</n:omm")
    assert parse_omm_xml(prefixed, "x")[0].name == "BIG"
    second = SINGLE.replace("799501234", "5").replace("BIG", "R&amp;D")
    names = [raw.name for raw in parse_omm_xml(f"<ndm>{SINGLE}{second}</ndm>", "x")]
    assert names == ["BIG", "R&D"]


WRONG = [
    ("cut", OMM_XML[:600], 11, "", "is not XML"),
    ("entities", changed(OMM_XML, "<ndm", LAUGHS + "<ndm"), 2, "", "declares a document type"),
    ("files", changed(OMM_XML, "<ndm", FETCHES + "<ndm"), 2, "", "declares a document type"),
    ("unknown entity", changed(OMM_XML, ">BIG<", ">&big;<"), 6, "", "undefined entity"),
    ("too deep", "<ndm>" + "<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH + "</ndm>", 1, "", "too deeply"),
    ("another root", "<opm><EPOCH/></opm>", 1, "", "<opm> is no message"),
    ("another message", changed(OMM_XML, "</ndm>", "<oem/></ndm>"), 18, "", "<oem> is no message"),
    ("twice", changed(OMM_XML, "</metadata>", "<EPOCH>x</EPOCH></metadata>"), 9, "EPOCH", "twice"),
    ("unit", changed(OMM_XML, 'units="deg"', 'units="rad"'), 11, "INCLINATION", "in 'rad'"),
    ("version", changed(OMM_XML, 'n="2.0"', 'n="7.0"'), 3, "CCSDS_OMM_VERS", "version '7.0'"),
    ("theory", changed(OMM_XML, ">SGP4<", ">SGP4-XP<"), 8, "MEAN_ELEMENT_THEORY", "SGP4-XP"),
    ("type", changed(OMM_XML, "TYPE>0<", "TYPE>4<"), 13, "EPHEMERIS_TYPE", "SGP4-XP"),
    ("number", changed(OMM_XML, ">97.4<", ">high<"), 11, "INCLINATION", "'high' is not a finite"),
    ("missing", changed(OMM_XML, "BSTAR units", "B_STAR units").replace("/BSTAR", "/B_STAR"), 3,
     "BSTAR", "is missing"),
    ("a line in a name", changed(OMM_XML, ">BIG<", ">B\na contact<"), 6, "OBJECT_NAME", "U+000A"),
    ("empty", "<ndm/>", 0, "", "no element set"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_refused_at_its_line(case):
    _, text, line, key, words = case
    told_at(parse_omm_xml, text, line, key, words)

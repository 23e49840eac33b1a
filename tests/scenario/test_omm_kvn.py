"""Orbit mean-elements messages of lines KEYWORD = value."""

from __future__ import annotations

import pytest

from perigrid.scenario.omm import parse_omm_csv
from perigrid.scenario.omm_kvn import parse_omm_kvn
from scenario_inputs import OMM_CSV, OMM_KVN, changed, told_at

OTHER = OMM_KVN.replace("799501234", "5").replace("= BIG", "= TANK [TBA]")


def test_it_says_what_the_table_says():
    assert parse_omm_kvn(OMM_KVN, "x") == parse_omm_csv(OMM_CSV, "x")


def test_messages_follow_each_other_and_brackets_of_names_stay():
    names = [raw.name for raw in parse_omm_kvn(OMM_KVN + "\n" + OTHER, "x")]
    assert names == ["BIG", "TANK [TBA]"]


WRONG = [
    ("no keyword", changed(OMM_KVN, "ORIGINATOR          =", "by me"), 4, "line 4", "KEYWORD ="),
    ("twice", changed(OMM_KVN, "BSTAR  ", "EPOCH  "), 22, "EPOCH", "twice, first on line 13"),
    ("unit", changed(OMM_KVN, "97.4 [deg]", "1.7 [rad]"), 16, "INCLINATION", "in 'rad', not"),
    ("version", changed(OMM_KVN, "= 3.0", "= 9.0"), 1, "CCSDS_OMM_VERS", "version '9.0'"),
    ("headless", OMM_KVN.split("\n", 2)[2], 1, "CREATION_DATE", "stands before CCSDS_OMM_VERS"),
    ("other kind", OMM_KVN + "CCSDS_OEM_VERS = 2.0\n", 25, "CCSDS_OEM_VERS", "another kind"),
    ("missing", changed(OMM_KVN, "BSTAR  ", "BTSAR  "), 1, "BSTAR", "did you mean 'BTSAR'"),
    ("frame", changed(OMM_KVN, "TEME", "GCRF"), 9, "REF_FRAME", "SGP4 elements have TEME"),
    ("theory", changed(OMM_KVN, "SGP/SGP4", "DSST"), 11, "MEAN_ELEMENT_THEORY", "is 'DSST'"),
    ("no theory", changed(OMM_KVN, "SGP/SGP4", "SGP4-XP"), 11, "MEAN_ELEMENT_THEORY", "SGP4-XP"),
    ("type", changed(OMM_KVN, "TYPE      = 0", "TYPE      = 4"), 20, "EPHEMERIS_TYPE", "SGP4-XP"),
    ("keyword of XP", OMM_KVN + "BTERM = 0.02 [m**2/kg]\n", 25, "BTERM", "SGP4-XP"),
    ("day", changed(OMM_KVN, "2026-234T", "2026-366T"), 13, "EPOCH", "does not exist"),
    ("name", changed(OMM_KVN, "= BIG", "= B\x1b[2JIG"), 6, "OBJECT_NAME", "U+001B"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_refused_at_its_line(case):
    _, text, line, key, words = case
    told_at(parse_omm_kvn, text, line, key, words)

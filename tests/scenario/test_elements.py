"""The form of an element file follows from its content; a name may not say another one."""

from __future__ import annotations

import pytest

from perigrid.base.errors import ElementSetError
from perigrid.scenario.elements import parse_element_sets, read_element_sets
from scenario_inputs import GEOJSON, OMM_CSV, OMM_JSON, OMM_KVN, OMM_XML, TLE

FORMS = {"tle": TLE, "csv": OMM_CSV, "json": OMM_JSON, "xml": OMM_XML, "kvn": OMM_KVN}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_recognised(form):
    for name in ("a", "a.txt", f"a.{form}", f"a.{form.upper()}"):
        (elements,) = read_element_sets(FORMS[form], name)
        assert elements.name in {"ISS (ZARYA)", "BIG"}


PAGE = "<!DOCTYPE html>\n<html><body>\n" + "<p>Access denied</p>\n" * 5000
CDM = "CCSDS_CDM_VERS = 1.0\n" + "MISS_DISTANCE = 1 [m]\n" * 5000
CDM_XML = '<?xml version="1.0"?>\n<!-- of today -->\n<cdm id="CCSDS_CDM_VERS">\n' + "<a/>\n" * 5000
WRONG_FORM = [
    (TLE, "a.json", "is TLE, not JSON as its name says"),
    (OMM_XML, "a.csv", "is OMM in XML, not CSV as its name says"),
    (OMM_JSON, "a.tle", "is JSON, not TLE"),
    (OMM_KVN, "a.xml", "is a CCSDS OMM of lines KEYWORD = value, not XML"),
    (PAGE, "a.json", "is an HTML page"),
    (PAGE, "a", "is an HTML page"),
    (CDM, "a.kvn", "is a CCSDS CDM"),
    (CDM, "a.txt", "is a CCSDS CDM"),
    (CDM_XML, "a.xml", "is an XML document of <cdm>"),
    ("No GP data found\n" * 5000, "a.tle", "is text that begins 'No GP data found'"),
    ("No GP data found\n" * 5000, "a", "is text that begins 'No GP data found'"),
    (GEOJSON, "a.json", "holds no OMM"),
    ('[{"error": "Rate limit"}, {"error": "Rate limit"}]', "a.json", "holds no OMM"),
    ("a,b,c,d,e,f\n" + "1,2,3,4,5,6\n" * 5000, "a.csv", "is a table, but not of OMM"),
]


@pytest.mark.parametrize("case", WRONG_FORM, ids=[f"{n}: {words}" for _, n, words in WRONG_FORM])
def test_a_wrong_form_is_told_once(case):
    text, name, words = case
    with pytest.raises(ElementSetError) as caught:
        parse_element_sets(text, name)
    (problem,) = caught.value.problems
    assert words in problem.message
    assert problem.remedy

"""Orbit mean-elements messages: what is read, and every way they can be wrong."""

from __future__ import annotations

import pytest

from perigrid.scenario.omm import parse_omm_csv, parse_omm_json
from scenario_inputs import OMM_CSV, OMM_HEADER, OMM_JSON, OMM_ROW, changed, told_at


def test_csv_and_json_say_the_same_and_hold_large_numbers():
    (from_csv,), (from_json,) = parse_omm_csv(OMM_CSV, "x"), parse_omm_json(OMM_JSON, "x")
    assert from_csv == from_json
    assert from_csv.norad_id == 799_501_234
    assert from_csv.epoch.day_s == pytest.approx(3723.456789, abs=1e-9)


def test_a_single_json_object_will_do():
    assert parse_omm_json(OMM_JSON.strip()[1:-1], "x")[0].name == "BIG"


WRONG_CSV = [
    ("column missing", changed(OMM_CSV, "ECCENTRICITY", "ECENTRICITY"), 1, "ECCENTRICITY",
     "did you mean 'ECENTRICITY'"),
    ("column twice", changed(OMM_CSV, "OBJECT_ID", "EPOCH"), 1, "EPOCH", "twice"),
    ("row cut", changed(OMM_CSV, ",0.0007", ""), 2, "row 2", "has 11 cells, the header has 12"),
    ("row too long", changed(OMM_CSV, "0.0007", "0.0007,1"), 2, "row 2", "has 13 cells"),
    ("empty cell", changed(OMM_CSV, ",15.2,", ",,"), 2, "MEAN_MOTION", "is missing"),
    ("text for a number", changed(OMM_CSV, ",15.2,", ",fast,"), 2, "MEAN_MOTION", "'fast'"),
    ("not finite", changed(OMM_CSV, ",15.2,", ",nan,"), 2, "MEAN_MOTION", "finite"),
    ("underscores", changed(OMM_CSV, ",15.2,", ",1_5.2,"), 2, "MEAN_MOTION", "finite"),
    ("parabola", changed(OMM_CSV, ",0.0012,", ",1.0,"), 2, "ECCENTRICITY", "outside"),
    ("inclination", changed(OMM_CSV, ",97.4,", ",-97.4,"), 2, "INCLINATION", "outside"),
    ("number of ten digits", changed(OMM_CSV, "799501234", "7995012340"), 2, "NORAD_CAT_ID",
     "no catalogue number"),
    ("negative number", changed(OMM_CSV, "799501234", "-5"), 2, "NORAD_CAT_ID", "no catalogue"),
    ("epoch", changed(OMM_CSV, "2026-08-22T01", "22.8.2026 01"), 2, "EPOCH", "UTC date-time"),
    ("given twice", OMM_CSV + OMM_ROW + "\n", 3, "BIG", "given twice, first on line 2"),
    ("only a header", OMM_HEADER + "\n", 0, "", "no element set"),
    ("open quote", changed(OMM_CSV, "BIG", '"BIG'), 2, "", "is not CSV"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG_CSV, ids=[case[0] for case in WRONG_CSV])
def test_a_wrong_table_is_refused_at_its_cell(case):
    _, text, line, key, words = case
    told_at(parse_omm_csv, text, line, key, words)


WRONG_JSON = [
    ("cut", OMM_JSON[:200], 5, "", "is not JSON"),
    ("NaN", changed(OMM_JSON, "15.2", "NaN"), 0, "", "NaN is not a number"),
    ("a number", "3", 1, "", "neither an OMM object"),
    ("list of numbers", "[3]", 1, "", "is not an OMM object"),
    ("empty list", "[]", 0, "", "no element set"),
    ("key missing", changed(OMM_JSON, '"BSTAR": 0.0007, ', ""), 2, "BSTAR", "is missing"),
    ("list for a number", changed(OMM_JSON, "15.2", "[15.2]"), 4, "MEAN_MOTION", "finite"),
    ("truth for a number", changed(OMM_JSON, "15.2", "true"), 4, "MEAN_MOTION", "finite"),
    ("list for the epoch", changed(OMM_JSON, '"2026-08-22T01:02:03.456789"', "[]"), 3, "EPOCH",
     "UTC date-time"),
    ("another frame", changed(OMM_JSON, "TEME", "ITRF"), 6, "REF_FRAME", "SGP4 elements have TEME"),
    ("another time", changed(OMM_JSON, "UTC", "TAI"), 6, "TIME_SYSTEM", "have UTC"),
    ("overflow", changed(OMM_JSON, "0.0007", "1e999"), 6, "BSTAR", "finite"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG_JSON, ids=[case[0] for case in WRONG_JSON])
def test_a_wrong_message_is_refused_at_its_key(case):
    _, text, line, key, words = case
    told_at(parse_omm_json, text, line, key, words)


@pytest.mark.parametrize("theory", ["SGP4", "SGP/SGP4", "sgp/sgp4"])
def test_the_theory_has_two_names(theory):
    text = changed(OMM_JSON, '"TIME_SYSTEM"', f'"MEAN_ELEMENT_THEORY": "{theory}", "TIME_SYSTEM"')
    assert len(parse_omm_json(text, "x")) == 1


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("MEAN_ELEMENT_THEORY", '"SGP4-XP"', "is 'SGP4-XP'"), ("EPHEMERIS_TYPE", "4", "is SGP4-XP"),
     ("EPHEMERIS_TYPE", '"1"', "is SGP:"), ("BTERM", "0.02", "SGP4-XP")],
)  # fmt: skip
def test_elements_of_another_theory_are_refused(key, value, words):
    text = changed(OMM_JSON, '"TIME_SYSTEM"', f'"{key}": {value}, "TIME_SYSTEM"')
    told_at(parse_omm_json, text, 6, key, words)


def test_of_a_table_the_type_is_looked_at_too():
    told_at(parse_omm_csv, changed(OMM_CSV, ",0,79", ",4,79"), 2, "EPHEMERIS_TYPE", "SGP4-XP")


def test_the_day_may_be_counted_through_the_year():
    dated = changed(OMM_CSV, "2026-08-22T", "2026-234T")
    assert parse_omm_csv(dated, "x") == parse_omm_csv(OMM_CSV, "x")

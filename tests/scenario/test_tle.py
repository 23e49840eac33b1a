"""Two-line element sets: what is read, and every way a line can be wrong."""

from __future__ import annotations

import math

import pytest

from perigrid.base.errors import ElementSetError
from perigrid.scenario.problems import SourceText
from perigrid.scenario.tle import catalogue_number, checksum, parse_tle
from scenario_inputs import ISS_1, ISS_2, TLE, changed, signed

NEW_1 = signed("1 T0001U 26001A   26233.79419053  .00016205  00000+0  71936-3 0  9992")
NEW_2 = signed("2 T0001  97.3629 305.1109 0029570 132.7662 227.6069 15.21237263 70613")


def test_the_fields_of_an_element_set():
    (raw,) = parse_tle(TLE, "x.tle")
    assert (raw.name, raw.norad_id) == ("ISS (ZARYA)", 25544)
    assert raw.epoch.iso() == "2008-09-20T12:25:40Z"
    assert raw.inclination_deg == 51.6416
    assert raw.eccentricity == 0.0006703
    assert raw.mean_motion_rev_per_day == 15.72125391
    assert raw.bstar == -1.1606e-5
    assert raw.to_si().raan_rad == pytest.approx(math.radians(247.4627), rel=1e-15)


def test_names_are_optional_and_may_carry_a_zero():
    assert parse_tle(f"{ISS_1}\n{ISS_2}", "x")[0].name == "NORAD 25544"
    assert (
        parse_tle(f"0 ISS\r\n{ISS_1}\r\n\r\n{ISS_2}\r\n".replace("\r\n\r\n", "\r\n"), "x")[0].name
        == "ISS"
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [("25544", 25544), ("A0000", 100_000), ("H9999", 179_999), ("J0000", 180_000),
     ("P0000", 230_000), ("T0001", 270_001), ("Z9999", 339_999)],
)  # fmt: skip
def test_catalogue_numbers_in_alpha_5(text, number):
    assert catalogue_number(text) == number


def test_alpha_5_in_a_line():
    assert parse_tle(f"{NEW_1}\n{NEW_2}", "x")[0].norad_id == 270_001


def test_checksum_counts_minus_as_one():
    assert checksum(ISS_1) == 7
    assert checksum("-" * 68 + "8") == 8


TWO = f"{ISS_1}\n{ISS_2}\n"
WRONG = [
    ("cut short", changed(TWO, ISS_2, ISS_2[:-4]), 2, "has 65 characters"),
    ("padded", changed(TWO, ISS_1, ISS_1 + "00"), 1, "has 71 characters"),
    ("digit changed", changed(TWO, "247.4627", "247.4628"), 2, "checksum is 7, the line sums to 8"),
    ("checksum is a letter", changed(TWO, ISS_1, ISS_1[:-1] + "x"), 1, "checksum is x"),
    ("line 2 missing", f"{ISS_1}\n", 1, "no line 2 after it"),
    ("line 1 missing", f"{ISS_2}\n", 1, "no line 1 before it"),
    ("lines exchanged", f"{ISS_2}\n{ISS_1}\n", 1, "no line 1 before it"),
    ("lines of two objects", f"{ISS_1}\n{NEW_2}\n", 2, "does not match 25544"),
    ("given twice", TWO + TWO, 3, "is given twice, first on line 1"),
    ("letter in a number", changed(TWO, ISS_2, signed(ISS_2.replace("51.6416", "51.x416"))), 2,
     "inclination"),
    ("letters I and O", f"{NEW_1}\n{NEW_2}\n".replace("T0001", "I0001"), 1, "catalogue number"),
    ("inclination of 190", changed(TWO, ISS_2, signed(ISS_2.replace(" 51.6416", "190.6416"))), 2,
     "inclination_deg: 190.642 is outside"),
    ("no motion", changed(TWO, ISS_2, signed(ISS_2.replace("15.72125391", " 0.00000000"))), 2,
     "mean_motion"),
    ("day 400", changed(TWO, ISS_1, signed(ISS_1.replace("08264.", "08400."))), 1, "epoch day"),
    ("day 0", changed(TWO, ISS_1, signed(ISS_1.replace("08264.", "08000."))), 1, "epoch day"),
    ("not ASCII", changed(TWO, ISS_1, ISS_1.replace("U", "Ü")), 1, "ASCII"),
    ("a name alone", "ISS\n", 1, "neither a name"),
    ("two names", f"ISS\nMIR\n{TWO}", 1, "neither a name"),
    ("nothing", "\n\n", 0, "no element set"),
    ("a web page", "<html>\n<body>not found</body>\n</html>", 1, "neither a name"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=[case[0] for case in WRONG])
def test_a_wrong_element_set_is_refused_at_its_line(case):
    _, text, line, words = case
    with pytest.raises(ElementSetError) as caught:
        parse_tle(text, "x.tle")
    matching = [p for p in caught.value.problems if p.line == line and words in p.message]
    assert matching, str(caught.value)
    assert matching[0].path == "x.tle"
    assert matching[0].remedy


def test_all_wrong_lines_are_told_at_once():
    text = TLE.replace("247.4627", "247.4620") + f"{NEW_1[:60]}\n{NEW_2}\n"
    with pytest.raises(ElementSetError) as caught:
        parse_tle(text, "x")
    assert [p.line for p in caught.value.problems] == [3, 4]


def test_places_inside_a_block_are_those_of_the_file():
    block = f"orbit:\n  tle: |\n    {ISS_1}\n    {ISS_2[:-1]}0\n"
    where = SourceText.of("m.yaml", block)
    with pytest.raises(ElementSetError) as caught:
        parse_tle(f"{ISS_1}\n{ISS_2[:-1]}0\n", "m.yaml", where=where, first_line=3, indent=4)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (4, 4 + 69)
    assert problem.source_line.endswith("0")


def test_elements_of_sgp4_xp_are_refused_at_their_type():
    with pytest.raises(ElementSetError) as caught:
        parse_tle(f"{signed(ISS_1[:62] + '4' + ISS_1[63:])}\n{ISS_2}\n", "x")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (1, 63)
    assert "SGP4-XP" in problem.message


def test_a_character_that_is_not_ascii_is_named_at_its_place():
    with pytest.raises(ElementSetError, match=r"holds U\+00A0, a character other than ASCII"):
        parse_tle(f"{ISS_1[:30]}\u00a0{ISS_1[31:]}\n{ISS_2}\n", "x")

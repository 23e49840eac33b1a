"""IERS finals2000A: what is read, and what is refused where."""

import math

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.base.time import Epoch
from perigrid.scenario.earth_orientation import days_of_run, parse_finals
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.problems import Place
from scenario_inputs import MINIMAL

ARC_SECOND = math.pi / 648000.0


def line(mjd, ut1=-0.01, x=0.1, y=0.3):
    """Lay out a day as the IERS does: columns 8 to 15, 19 to 27, 38 to 46 and 59 to 68."""
    head = f"26 822 {mjd:8.2f} I {x:9.6f} 0.000022 {y:9.6f} 0.000019  I{ut1:10.7f} 0.0000032"
    return head.ljust(187)


def days(first=61270, count=8, **values):
    return [line(first + k, **values) for k in range(count)]


def text(lines):
    return "\n".join(lines) + "\n"


def test_columns_and_units():
    table = parse_finals(text([line(61274, 0.0161437, -0.123456, 0.345678), *days(61275, 2)]), "f")
    assert table.mjd_utc == (61274.0, 61275.0, 61276.0)
    assert table.ut1_minus_utc_s[0] == 0.0161437
    assert table.x_pole_rad[0] == pytest.approx(-0.123456 * ARC_SECOND, rel=1e-15)
    assert table.y_pole_rad[0] == pytest.approx(0.345678 * ARC_SECOND, rel=1e-15)


def test_days_without_values_yet_are_skipped():
    empty = "271016 61694.00".ljust(187)
    assert len(parse_finals(text([*days(), empty]), "f").mjd_utc) == 8


@pytest.mark.parametrize(
    ("lines", "row", "column", "message"),
    [
        ([*days(count=2), "not a day at all"], 3, 8, "modified Julian date"),
        ([*days(count=2), line(61272, ut1=1.5)], 3, 59, "UT1 - UTC"),
        ([*days(count=2), line(61272, x=2.0)], 3, 19, "x of the pole"),
        ([*days(count=2), line(61272).replace("0.300000", "0.3x0000")], 3, 38, "y of the pole"),
        ([*days(count=2), line(61274)], 3, 8, "does not follow 61271 by a day"),
        ([*days(count=2), line(61272)[:64]], 3, 59, "UT1 - UTC"),
        ([*days(count=2), line(61272, ut1=math.nan)], 3, 59, "UT1 - UTC"),
    ],
)
def test_wrong_lines_are_named(lines, row, column, message):
    with pytest.raises(ScenarioError, match=message) as caught:
        parse_finals(text(lines), "finals.txt")
    assert any(
        (p.path, p.line, p.column) == ("finals.txt", row, column) for p in caught.value.problems
    )
    assert caught.value.exit_code == 2


def test_a_file_of_something_else_is_refused():
    with pytest.raises(ScenarioError):
        parse_finals("mjd,ut1\n61274,0.01\n", "f")
    with pytest.raises(ScenarioError, match="fewer than two days"):
        parse_finals("\n\n", "f")


def test_a_run_keeps_its_days_only():
    table = parse_finals(text(days(61200, 200)), "f")
    start = Epoch.from_iso("2026-08-22T12:00:00Z")  # MJD 61274
    cut = days_of_run(table, start, 86400.0, Place("s.yaml"))
    assert cut.mjd_utc == (61273.0, 61274.0, 61275.0, 61276.0, 61277.0)
    assert len(cut.x_pole_rad) == len(cut.y_pole_rad) == len(cut.ut1_minus_utc_s) == 5


@pytest.mark.parametrize(("first", "count"), [(61275, 50), (61200, 75)])
def test_a_file_must_cover_the_run(first, count):
    table = parse_finals(text(days(first, count)), "f")
    with pytest.raises(ScenarioError, match=r"the run needs 61274 to 61275") as caught:
        days_of_run(table, Epoch.from_iso("2026-08-22"), 86400.0, Place("s.yaml", 3))
    assert caught.value.problems[0].key == "earth_orientation.file"


def test_a_scenario_names_the_file(tmp_path):
    (tmp_path / "finals.txt").write_text(text(days()))
    scenario = parse_scenario(
        MINIMAL + "earth_orientation: {file: finals.txt}\n", "m.yaml", folder=tmp_path
    )
    assert scenario.earth_orientation.ut1_minus_utc_s == (-0.01,) * 4
    origins = {one.key: one for one in scenario.provenance}
    assert origins["earth_orientation.ut1_minus_utc_s"].confidence == "measured"
    plain = parse_scenario(MINIMAL, "m.yaml", folder=tmp_path)
    assert plain.earth_orientation is None
    assert plain.digest != scenario.digest


def test_later_days_do_not_change_the_digest(tmp_path):
    digests = set()
    for count in (8, 90):
        (tmp_path / "finals.txt").write_text(text(days(count=count)))
        extra = "earth_orientation: {file: finals.txt}\n"
        digests.add(parse_scenario(MINIMAL + extra, "m.yaml", folder=tmp_path).digest)
    assert len(digests) == 1


def test_a_missing_file_is_a_problem_of_the_key(tmp_path):
    extra = "earth_orientation: {file: none.txt}\n"
    with pytest.raises(ScenarioError, match=r"none\.txt: no such file") as caught:
        parse_scenario(MINIMAL + extra, "m.yaml", folder=tmp_path)
    assert caught.value.problems[0].key == "earth_orientation.file"


def test_a_file_of_another_form_is_named_once():
    with pytest.raises(ScenarioError) as caught:
        parse_finals("<?xml version='1.0'?>\n<EOP>\n" + "<dataEOP/>\n" * 1000, "x")
    (problem,) = caught.value.problems
    assert "is an XML document of <EOP>, not IERS finals2000A" in problem.message

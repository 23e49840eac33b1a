"""``perigrid validate``."""

import json

import pytest

from perigrid.cli.validate import cases_text
from perigrid.validation import catalogue
from perigrid.validation.case import compare
from tests.cli.conftest import call


def made(published, ours, **more):
    return compare("made", published, ours, tolerance=0.1, source="by hand", note="reason", **more)


def test_json_has_the_contracts_fields():
    rows = json.loads(call("validate", "launch-learning", "--json").stdout)
    assert len(rows) == 2
    assert set(rows[0]) >= {
        *("case", "published", "ours", "difference", "tolerance", "passed", "source")
    }


@pytest.mark.parametrize(("ours", "code"), [(1.05, 0), (1.2, 1), (float("nan"), 1)])
def test_a_case_outside_its_tolerance_exits_1(monkeypatch, ours, code):
    monkeypatch.setattr(catalogue, "CASES", {"made": lambda: [made(1.0, ours)]})
    assert call("validate").exit_code == code


def test_an_unknown_case_exits_2():
    assert call("validate", "no-such-case").exit_code == 2


def test_the_table_marks_what_is_outside_and_gives_each_reason_once():
    text = cases_text([made(1.0, 1.0), made(1.0, 2.0)])
    assert "OUTSIDE" in text
    assert text.count("reason") == 1
    assert text.endswith("1 of 2 within tolerance")


def test_what_is_known_to_miss_is_shown_as_missed_and_is_no_failure(monkeypatch):
    monkeypatch.setattr(catalogue, "CASES", {"made": lambda: [made(1.0, 2.0, known_miss=True)]})
    result = call("validate")
    assert result.exit_code == 0
    assert result.stdout.startswith("        case")
    assert "\nmissed  made" in result.stdout
    assert result.stdout.rstrip().endswith("0 of 1 within tolerance, 1 known to miss it")
    (row,) = json.loads(call("validate", "--json").stdout)
    assert row["known_miss"]
    assert not row["passed"]

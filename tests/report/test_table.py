import copy

import pytest

from perigrid.report.table import comparison_table, render
from perigrid.report.words import count, duration
from tests.report.conftest import ARCHITECTURES


def cells(table, measure):
    return next(row.cells for row in table.rows if row.measure == measure)


def test_cells_are_the_record_in_human_units(comparison_record):
    table = comparison_table(comparison_record)
    entries = [comparison_record["architectures"][name] for name in ARCHITECTURES]
    assert table.columns == ARCHITECTURES
    assert list(cells(table, "insights delivered")) == [
        count(entry["insights_delivered"]) for entry in entries
    ]
    assert list(cells(table, "median, all wanted")) == [
        duration(entry["time_to_insight_s"]["p50_all"]) for entry in entries
    ]


@pytest.mark.parametrize("width", [80, 100])
def test_text_fits_the_terminal_and_cuts_nothing(comparison_record, width):
    table = comparison_table(comparison_record)
    text = table.text(width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    assert "\x1b" not in text
    for row in table.rows:
        assert all(cell in text for cell in row.cells)


def test_render_starts_with_the_answer(comparison_record):
    text = render(comparison_record)
    assert text.startswith("From shutter to insight")
    assert max(len(line) for line in text.splitlines()) <= 80


def test_title_with_markup_is_shown_as_it_is(comparison_record):
    record = copy.deepcopy(comparison_record) | {"scenario": "[bold]x[/nope]"}
    assert "[bold]x[/nope]" in render(record)


def test_missing_figures_show_a_dash(comparison_record):
    record = copy.deepcopy(comparison_record)
    record["architectures"]["relay"]["time_to_insight_s"] = {"p50": None}
    assert cells(comparison_table(record), "median delivered")[1] == "–"


def test_lacking_energy_is_a_row_only_where_there_is_some(comparison_record):
    record = copy.deepcopy(comparison_record)
    assert "energy lacking" not in render(record)
    record["architectures"]["relay"]["unserved_j"] = 3.2e7
    assert cells(comparison_table(record), "energy lacking")[1] == "32 MJ"


def test_broken_temperature_limits_are_a_row_only_where_there_are_some(comparison_record):
    record = copy.deepcopy(comparison_record)
    assert "too hot or cold" not in render(record)
    record["architectures"]["relay"]["outside_temperature_s"] = 7200.0
    assert cells(comparison_table(record), "too hot or cold")[1] == "2 h"


def test_faults_have_rows_only_where_anything_failed(comparison_record):
    record = copy.deepcopy(comparison_record)
    assert "Faults" not in [row.group for row in comparison_table(record).rows]
    record["architectures"]["orbital"]["faults"] = {
        "by_kind": {"crash": 3}, "failed_moves": 4, "lost_tasks": 5, "retries": 6,
        "recomputations": 1, "wrong_answers": 2, "work_lost_s": 90.0,
    }  # fmt: skip
    table = comparison_table(record)
    rows = {row.measure: row.cells for row in table.rows}
    place = table.columns.index("orbital")
    told = [rows[name][place] for name in ("undone by faults", "begun again", "wrong answers")]
    assert told == ["9", "7", "2"]
    assert rows["work lost"][place] == "1.5 min"
    assert rows["wrong answers"][table.columns.index("relay")] == "–"


def test_what_was_possible_is_shown_where_it_was_worked_out(comparison_record):
    assert not [r for r in comparison_table(comparison_record).rows if "possible" in r.measure]
    record = copy.deepcopy(comparison_record)
    for kind, entry in zip(
        ("routes", "contact volume", "compute"), record["architectures"].values(), strict=False
    ):
        possible = 2 * entry["insights_delivered"]
        entry["bound"] = {"value": possible, "kind": kind, "wanted": possible}
    table = comparison_table(record)
    assert cells(table, "of what was possible") == ("50 %", "50 %", "50 %", "–")
    assert cells(table, "  bounded by") == ("routes", "volume", "compute", "–")
    assert max(len(line) for line in table.text().splitlines()) <= 80


def test_two_groups_of_insights_get_rows_of_their_own(comparison_record):
    names = ("quick group, all wanted", "quick group within", "later ones, median")
    assert not [r for r in comparison_table(comparison_record).rows if r.measure in names]
    record = copy.deepcopy(comparison_record)
    record["architectures"]["onboard"]["time_groups"] = {
        "quick_share": 0.44, "quick_s": 2.0, "rest_s": 5400.0
    }  # fmt: skip
    table = comparison_table(record)
    place = table.columns.index("onboard")
    for name, told in zip(names, ("44 %", "2 s", "1.5 h"), strict=True):
        assert cells(table, name)[place] == told
        assert cells(table, name).count("–") == len(table.columns) - 1
    assert max(len(line) for line in table.text().splitlines()) <= 80

"""What the rules cost, as it is shown: the table and the report say what the record says."""

import json

import pytest

from governed import comparison
from perigrid.base.errors import RunFolderError
from perigrid.report.html import html_report
from perigrid.report.impact import cost_findings, cost_table, denied_by, render_cost

ENDS = ("granted", "refused", "expired", "open at the end")


@pytest.fixture(scope="module")
def record():
    return json.loads((comparison() / "comparison.json").read_text())


def test_the_table_says_what_the_record_says(record):
    table = cost_table(record)
    assert table.columns == ("onboard", "orbital")
    cells = {}
    for row in table.rows:
        group = row.group or group  # noqa: F821  the first row has a group
        cells[group, row.measure.strip()] = row.cells
    cost = record["governance"]
    for place, name in enumerate(table.columns):
        assert cells["Insights", "lost to the rules"][place] == str(cost[name]["lost"])
        assert cells["Approvals", "asked"][place] == str(cost[name]["approvals"]["asked"])
        by_rule = str(cost[name]["lost_by"].get("rule", 0))  # also what came too late to be allowed
        assert cells["Insights", "of it, never allowed"][place] == by_rule
        told = [int(cells["Approvals", end][place]) for end in ENDS]
        assert sum(told) == cost[name]["approvals"]["asked"]
        assert cells["Decisions", "denied"][place] == str(sum(cost[name]["denied"].values()))
    text = render_cost(record)
    assert max(map(len, text.splitlines())) <= 80
    assert text.startswith("The rules cost onboard ")


def test_a_sentence_for_each_architecture():
    figures = {"delivered": 200}
    added = {"n": 9, "p50": 120.0, "p90": 300.0, "mean": 130.0}
    cost = {"without": figures, "lost": 50, "gained": 2, "added_s": added}
    (said,) = cost_findings({"governance": {"orbital": cost}})
    assert said == (
        "The rules cost orbital 50 of 200 insights (25 %), brought 2 others; what came both ways "
        "came 2 min later at the median."
    )
    none = cost | {"without": {"delivered": 0}, "lost": 0, "gained": 0, "added_s": {"p50": None}}
    assert cost_findings({"governance": {"relay": none}}) == ["The rules cost relay no insight."]
    soon = cost | {"gained": 0, "added_s": {"p50": -1e-4}}
    assert "came as soon at the median" in cost_findings({"governance": {"relay": soon}})[0]


def test_rules_that_spoke_are_listed(record):
    listed = denied_by(record)
    assert ("asked people", "hand") in {(verdict, rule) for verdict, rule, _ in listed}
    assert any(rule.startswith("grant:") for _, rule, _ in listed)


def test_the_report_has_a_section_only_where_both_were_flown():
    page = html_report(comparison())
    assert '<section id="rules">' in page
    assert '<a href="#rules">' in page
    assert "What the rules cost" in page
    assert "lost to the rules" in page
    plain = html_report(comparison() / "without-rules")
    assert '<section id="rules">' not in plain
    assert '<a href="#rules">' not in plain


def test_without_both_there_is_nothing_to_tell():
    assert cost_table({}) is None
    assert cost_findings({}) == denied_by({}) == []
    assert render_cost({}) == ""


def test_a_broken_record_is_named():
    with pytest.raises(RunFolderError, match="cannot be read"):
        cost_table({"governance": {"orbital": {}}})

"""Every row of the oversight checklist names tests that exist, or says that nothing is built."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "oversight.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| demand")
]
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
DEMANDS = (
    *("AI Act, article 12", "Article 14(4)", "Article 14(5)", "Outer Space Treaty VI and VIII"),
    *("COPUOS", "FCC 5-year", "ITU", "Export control", "Data residency"),
)


def collected_from(path: Path) -> set[str]:
    """Names of the test functions that pytest collects from a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_tests_that_exist_or_says_that_nothing_is_built(row: list[str]) -> None:
    demand, today, _, shown = row
    named = TEST.findall(shown)
    assert demand
    assert named or "**not built**" in today
    assert len(named) == shown.count("`") // 2, "a test is spelled path::name"
    for file, name in named:
        path = ROOT / file
        assert path.name.startswith("test_"), "pytest would not collect it"
        found = collected_from(path)
        assert found
        assert not name or name in found, f"{file} has no {name}"


@pytest.mark.parametrize("demand", DEMANDS)
def test_every_demand_has_its_row(demand: str) -> None:
    assert any(demand in row[0] for row in ROWS)


def test_the_page_gives_no_legal_advice() -> None:
    assert "no legal advice" in PAGE


def test_commands_in_the_table_are_commands() -> None:
    from click import Context, Group

    from perigrid.cli.main import main

    lines = [one for row in ROWS for one in re.findall(r"`perigrid ([^`]+)`", row[2])]
    assert len(lines) >= 6
    for line in lines:
        command, context, words = main, Context(main, info_name="perigrid"), line.split()
        while isinstance(command, Group):
            name, *words = words
            command = command.commands[name]
        command.make_context(name, words, parent=context)

import dataclasses

import pytest

from perigrid.base.errors import (
    EXCERPT_CHARACTERS,
    MAX_KINDS,
    MAX_OF_A_KIND,
    InputError,
    Problem,
    ScenarioError,
)


def test_a_problem_reads_like_a_compilers() -> None:
    problem = Problem(
        "unknown key",
        "did you mean 'inclination_deg'?",
        "orbit.inclinaton_deg",
        "mission.yaml",
        4,
        3,
        "  inclinaton_deg: 97.6",
        14,
    )
    assert problem.render().splitlines() == [
        "error: orbit.inclinaton_deg: unknown key",
        "  --> mission.yaml:4:3",
        "   |",
        " 4 |   inclinaton_deg: 97.6",
        "   |   ^^^^^^^^^^^^^^",
        "  help: did you mean 'inclination_deg'?",
    ]


def test_all_problems_are_shown_and_the_class_is_kept() -> None:
    error = ScenarioError([Problem("first"), Problem("second")])
    assert "first" in str(error)
    assert "second" in str(error)
    assert error.exit_code == 2
    assert isinstance(ScenarioError.at("x.yaml", "third"), ScenarioError)
    assert issubclass(ScenarioError, InputError)


@pytest.mark.parametrize("column", [1, 2, 40, 41, 42, 5_000, 9_950, 10_000, 10_001])
def test_of_a_long_line_the_part_round_the_caret_is_shown(column: int) -> None:
    line = "".join(chr(ord("a") + i % 26) for i in range(10_000))
    problem = Problem("wrong", path="x", line=7, column=column, source_line=line, width=500)
    shown, carets = problem.render().splitlines()[-2:]
    assert len(problem.source_line) <= EXCERPT_CHARACTERS
    assert dataclasses.replace(problem, message="wrong again").render().splitlines()[-2:] == [
        shown,
        carets,
    ]
    assert problem.column == column
    marked = shown[carets.index("^") : carets.rindex("^") + 1]
    assert line[column - 1 :].startswith(marked.rstrip("."))
    assert problem.source_line.startswith("...") == (column > 41)
    assert problem.source_line.endswith("...") == (column <= 9_927)


def test_what_moves_a_cursor_is_written_out() -> None:
    text = Problem(
        "is \x1b[2J'a\nb'", "give \u202eit", "k\r", "p\x07", 1, 1, "l\x1b[31m\tx"
    ).render()
    assert "\\u001b[2J'a\\u000ab'" in text
    assert "\\u202e" in text
    assert all(line.isprintable() for line in text.splitlines())
    assert " 1 | l [31m x" in text


def test_of_each_kind_so_many_are_told() -> None:
    flood = [Problem(f"checksum is {i}, the line {i} sums to 'x{i}'", path="a") for i in range(500)]
    others = [Problem("is missing", path="a"), Problem("checksum is 1, the line 2 sums to 'z'")]
    error = InputError([*flood, *others])
    assert len(error.problems) == MAX_OF_A_KIND + 2
    assert error.problems[MAX_OF_A_KIND - 1].more == 500 - MAX_OF_A_KIND
    assert str(error).count("and 480 more of this kind") == 1
    assert InputError([*error.problems, *others]).problems[MAX_OF_A_KIND - 1].more == 480


def test_a_flood_of_kinds_is_told_in_part_too() -> None:
    words = ["".join(chr(ord("a") + int(digit)) for digit in str(i)) for i in range(1000)]
    error = InputError([Problem(f"is {word}") for word in words])
    assert len(error.problems) == MAX_KINDS + MAX_OF_A_KIND
    assert error.problems[-1].more == 1000 - MAX_KINDS - MAX_OF_A_KIND

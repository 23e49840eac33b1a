import pytest

from perigrid.control.policy.statements import Statement, statements, unescaped


def test_policies_are_cut_at_their_semicolons_only() -> None:
    text = (
        "// first; not a policy\n\n"
        '@reason("a; b \\"; c")\npermit (principal, action, resource); forbid(x) // d;\n;\n'
        "// the end\n"
    )
    assert [(one.line, one.text.split("(")[0]) for one in statements(text)] == [
        (3, "@reason"),
        (4, "forbid"),
    ]
    assert statements("") == ()
    assert [one.text for one in statements("permit(a)")] == ["permit(a)"]


def test_strings_run_over_lines_and_comments_end_with_one() -> None:
    text = '@reason("first;\nsecond; // \\"third\\";\n") permit(a);  forbid(b); // "c;\n permit(d);'
    found = statements(text)
    assert [(one.line, one.column) for one in found] == [(1, 1), (3, 16), (4, 2)]
    assert found[0].text.endswith("permit(a);")
    assert [one.text for one in statements("// x\r permit(a);")] == ["permit(a);"]


def test_a_string_without_an_end_takes_the_rest() -> None:
    assert [one.text for one in statements('permit(a); forbid("b; permit(c);')] == [
        "permit(a);",
        'forbid("b; permit(c);',
    ]


def test_strings_of_a_policy_have_places_and_those_of_annotations_do_not_count() -> None:
    text = '@id("x")\n  permit(a == "y\\"z",\n"w\n");'
    (one,) = statements("\n" + text)
    assert [(each.value, each.line, each.column, each.width) for each in one.literals()] == [
        ('y"z', 3, 15, 6),
        ("w\n", 4, 1, 4),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("plain", "plain"),
        (r"a\n\t\\\"", 'a\n\t\\"'),
        (r"\x41\u{e9}\u{1F6_00}", "A\u00e9\U0001f600"),
        (r"\u{FFFFFF}", r"\u{FFFFFF}"),
        (r"\*\0", "*\0"),
    ],
)
def test_escapes_are_read(written: str, meant: str) -> None:
    assert unescaped(written) == meant


def test_what_the_engine_could_not_bear_is_told_beforehand() -> None:
    assert Statement("(" * 50, 1).too_deep == ""
    assert "brackets" in Statement("(" * 101, 1).too_deep
    assert Statement('"' + "(" * 1000 + '" // ' + "(" * 1000, 1).too_deep == ""
    assert "operators" in Statement("a && " * 2001, 1).too_deep


def test_reading_is_linear_in_the_text() -> None:
    many = "".join(f'@id("p{n}") permit(a == "{n};");\n' for n in range(20_000))
    found = statements(many)
    assert (len(found), found[-1].line) == (20_000, 20_000)
    one = Statement("[" + ",".join('"a"' for _ in range(50_000)) + "]", 1)
    assert sum(1 for _ in one.literals()) == 50_000

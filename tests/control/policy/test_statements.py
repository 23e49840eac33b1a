from perigrid.control.policy.statements import statements


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

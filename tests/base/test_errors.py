from perigrid.base.errors import InputError, Problem, ScenarioError


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

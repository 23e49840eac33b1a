import pytest

from perigrid.base.errors import WorkError
from perigrid.control.planning import study
from perigrid.control.planning.family import family
from perigrid.control.planning.study import PLANNERS, optimum, score
from planning_cases import instance_of, schedule_of


def test_no_scheduler_exceeds_the_bound_or_the_optimum() -> None:
    case = family(4, 30, 3)
    scores, exact = score(case), optimum(case)
    assert list(scores.value) == list(PLANNERS)
    assert exact.gap_share < 1e-3
    for name, value in scores.value.items():
        assert value <= exact.value + 1e-6, name
        assert scores.share(name) <= 1.0
    assert scores.value["planner"] >= scores.value["lookahead"] > scores.value["fifo"]


def test_a_schedule_that_breaks_a_limit_scores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(study.PLANNERS, "reckless", lambda _case: schedule_of((0, 0, 0)))
    with pytest.raises(WorkError, match="reckless: 1 limits are broken"):
        score(instance_of([{}]), ("reckless",))

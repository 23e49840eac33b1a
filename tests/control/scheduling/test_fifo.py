from missions import SCENARIO
from perigrid.base.jobs import Job
from perigrid.base.messages import Compute
from perigrid.control.scheduling.fifo import Fifo
from scheduling_cases import ask, belief_of


def test_every_job_is_computed_where_it_was_taken() -> None:
    belief = belief_of(SCENARIO)
    jobs = [Job(k, k % 3, 0.0, 1e4, 1e8, 1e9, 0.0, 0.0, 0, 0) for k in range(5)]
    actions = ask(Fifo(), jobs, belief, ahead=("screen", "classify"))
    assert [(a.job_id, a.node, a.stage) for a in actions if isinstance(a, Compute)] == [
        (k, k % 3, "screen") for k in range(5)
    ]
    assert belief.busy_until_s[0] == 2 * belief.work(0, jobs[0]).stage_s["screen"]
    assert belief.busy_until_s[3] == 0.0

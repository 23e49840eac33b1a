from perigrid.base.architecture import ONBOARD
from perigrid.base.messages import Compute
from waiting_cases import JOB, ask, at, core


def test_every_job_is_computed_where_it_was_taken() -> None:
    jobs = [at(0.0, JOB, k, origin=k % 3) for k in range(5)]
    controller = core("fifo", jobs, architecture=ONBOARD)
    actions = ask(controller, *jobs)
    assert [(a.job_id, a.node, a.stage) for a in actions if isinstance(a, Compute)] == [
        (k, k % 3, "screen") for k in range(5)
    ]
    assert controller.belief.busy_until_s[:4].tolist() == [100.0, 100.0, 50.0, 0.0]

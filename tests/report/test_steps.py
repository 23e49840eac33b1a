from perigrid.report.read import RunReader
from perigrid.report.steps import recorded_steps


def test_steps_are_in_order_of_time_and_of_one_job_only(comparison_dir):
    run = RunReader(comparison_dir / "bent-pipe")
    steps = recorded_steps(run, 7, 1e9)
    assert [step.t_s for step in steps] == sorted(step.t_s for step in steps)
    satellite = run.table("jobs", "job_id", "satellite")["satellite"][7]
    senders = [step.words.split(" sends ")[0] for step in steps if step.kind == "send"]
    assert senders == [satellite, "Sanya"]


def test_what_the_run_did_not_reach_is_a_plan(comparison_dir):
    run = RunReader(comparison_dir / "bent-pipe")
    cut_s = recorded_steps(run, 7, 1e9)[1].t_s
    told = recorded_steps(run, 7, cut_s)
    assert not told[1].words.startswith("planned")
    assert all(step.words.startswith("planned") for step in told if step.t_s > cut_s)


def test_a_job_without_records_has_no_steps(comparison_dir):
    assert recorded_steps(RunReader(comparison_dir / "relay"), 499, 1e9) == []

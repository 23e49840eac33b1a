"""What a satellite does with its jobs, seen from a flight."""

import numpy as np
from tests.flight_cases import flown, small

from perigrid.sim.flight.world import Phase


def test_work_done_takes_the_time_it_needs_at_the_least():
    flight, _ = flown(small())
    jobs = flight.world.jobs
    done = jobs["phase"] == Phase.DELIVERED
    took_s = jobs["end_s"] - jobs["start_s"]
    assert (took_s[done] >= jobs["work_s"][done]).all()
    assert (jobs["start_s"][done] > jobs["release_s"][done]).all()


def test_energy_of_jobs_is_their_work_at_full_power():
    flight, _ = flown(small())
    jobs, con = flight.world.jobs, flight.world.con[0]
    work_s = (jobs["whole_s"] - jobs["left_s"]).sum()
    np.testing.assert_allclose(flight.world.sats["compute_j"].sum(), work_s * con["extra_w"])


def test_models_are_put_out_when_memory_is_short():
    tight = small("jobs.model_gb=50", "jobs.model_spread=0", "jobs.popularity=0")
    flight, _ = flown(tight)
    world = flight.world
    assert world.models["resident"].sum(axis=1).max() == 2  # 2 x 50 + 4 of 128 GB
    used = np.isfinite(world.models["last_use_s"]).sum(axis=1)
    assert used.max() > 2


def test_a_hopeless_job_is_dropped_from_the_queue():
    flight, _ = flown(small("jobs.count=3000", "jobs.deadline_minutes=5"))
    jobs = flight.world.jobs
    missed = jobs["phase"] == Phase.MISSED
    queued_in_vain = missed & (jobs["node"] >= 0) & np.isnan(jobs["start_s"])
    assert queued_in_vain.any()
    hopeless = jobs["end_s"] + jobs["work_s"] > jobs["deadline_s"]
    assert hopeless[queued_in_vain].all()

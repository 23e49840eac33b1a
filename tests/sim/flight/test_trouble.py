"""Faults, one kind at a time."""

import numpy as np
from tests.flight_cases import flown, small

from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.world import Count, Phase

LONG = ("jobs.work_s=400", "jobs.work_spread=0", "jobs.deadline_minutes=25", "jobs.count=150")


def test_a_crash_costs_the_work_since_the_last_checkpoint():
    crashes = ("faults.crash_every_hours=0.4", "faults.crash_minutes=1", *LONG)
    without, _ = flown(small(*crashes))
    saving, _ = flown(small(*crashes, "recovery.checkpoints=fixed",
                            "recovery.checkpoint_every_s=50", "recovery.save_s=1"))  # fmt: skip
    wasted = [wasted_j(flight) for flight in (without, saving)]
    assert wasted[0] > 3.0 * wasted[1] > 0.0


def wasted_j(flight):
    """Energy of work that had to be done again."""
    jobs, con = flight.world.jobs, flight.world.con[0]
    useful_s = (jobs["whole_s"] - jobs["left_s"]).sum()
    return flight.world.sats["compute_j"].sum() - useful_s * con["extra_w"]


def test_a_job_stays_where_it_crashed_if_so_ruled():
    crashes = ("faults.crash_every_hours=0.4", "faults.crash_minutes=1", *LONG)
    flight, decisions = flown(small(*crashes, "recovery.on_failure=retry-same"))
    begun = decisions[decisions["node"] >= 0]
    first = {}
    for row in begun:
        first.setdefault(int(row["job"]), int(row["node"]))
    jobs = flight.world.jobs
    again = np.flatnonzero((jobs["attempt"] > 1) & (jobs["phase"] == Phase.DELIVERED))
    stayed = [job for job in again if first[int(job)] == jobs["node"][job]]
    assert len(stayed) > 0.5 * len(again) > 0


def test_a_lost_satellite_gets_nothing_more():
    flight, decisions = flown(small("faults.loss_every_hours=1"))
    lost = np.flatnonzero(flight.world.sats["lost"])
    when = {int(row["node"]): row["t_s"] for row in flight.world.faults}
    assert len(lost) > 5
    for row in decisions[np.isin(decisions["node"], lost)]:
        assert row["t_s"] < when[int(row["node"])]


def test_found_corruption_is_computed_again_and_bars_a_satellite():
    wrong = ("faults.corruption_every_hours=0.05", "recovery.on_suspicion=elsewhere")
    found, _ = flown(small(*wrong, "faults.detected_share=1"))
    assert found.world.counts[Count.RESTARTS] > 10
    assert (found.world.sats["barred_s"] > 0.0).any()
    jobs = found.world.jobs
    assert not jobs["wrong"][jobs["phase"] == Phase.DELIVERED].any()
    silent, _ = flown(small(*wrong, "faults.detected_share=0"))
    jobs = silent.world.jobs
    assert silent.world.counts[Count.RESTARTS] == 0
    assert (jobs["wrong"][jobs["phase"] == Phase.DELIVERED] == 2).any()


def test_answers_wait_for_a_closed_ground_node():
    closed = ("faults.station_every_hours=0.2", "faults.station_minutes=5")
    held = []

    def look(flight, t_s):
        held.append(np.count_nonzero(flight.world.jobs["phase"] == Phase.HOLDING))

    flight, _ = flown(small(*closed), look)
    assert max(held) > 0
    assert (flight.world.jobs["phase"] == Phase.DELIVERED).mean() > 0.5


def test_too_many_tries_end_a_job():
    crashes = ("faults.crash_every_hours=0.05", "faults.crash_minutes=0.2", *LONG)
    flight, _ = flown(small(*crashes, "recovery.retries=1"))
    jobs = flight.world.jobs
    given_up = (jobs["phase"] == Phase.MISSED) & (jobs["cause"] == 13)
    assert given_up.any()
    assert (jobs["attempt"][given_up] == 2).all()
    assert build_flight(small()).world.faults.size == 0

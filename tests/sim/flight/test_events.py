"""The event loop: equal to plain Python, and sound through storms of faults."""

import numpy as np
import pytest
from tests.flight_cases import STORM, check_invariants, flown, small

from perigrid.benchmark.flight_reference import PlainFlight
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.world import LOG_ROWS, Count, Phase

NAMES = {Phase.DELIVERED: "delivered", Phase.MISSED: "missed"}


@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("jobs.count=1500", "jobs.deadline_minutes=6", "seed=5"),  # overloaded: queues and misses
        ("jobs.model_gb=50", "jobs.popularity=0", "jobs.work_s=20"),  # models push each other out
        ("groups.shell.array.area_m2=1.6", "jobs.count=900", "jobs.work_s=150"),  # dark and empty
    ],
)
def test_it_equals_the_flight_in_plain_python(changes):
    scenario = small(*changes)
    flight, decisions = flown(scenario, check_invariants)
    jobs = flight.world.jobs
    again = build_flight(scenario)
    sky = Sky(scenario, again.fleet, again.mesh, again.faults)
    plain = PlainFlight(again)
    tasks = plain.fly(sky.legs(0))
    assert jobs["node"].tolist() == [task.node for task in tasks]
    assert jobs["attempt"].tolist() == [task.tries for task in tasks]
    assert [NAMES.get(one, "") for one in jobs["phase"]] == [task.outcome for task in tasks]
    for ours, name in (("start_s", "start_s"), ("end_s", "end_s")):
        theirs = np.array([getattr(task, name) for task in tasks])
        np.testing.assert_allclose(jobs[ours], theirs, rtol=1e-12)
    for name in ("battery_j", "computer_k", "radiator_k"):
        theirs = np.array([getattr(machine, name) for machine in plain.machines])
        np.testing.assert_allclose(flight.world.sats[name], theirs, rtol=1e-11)
    assert len(np.unique(decisions["job"])) == len(jobs)


RECOVERIES = [
    (),
    ("recovery.on_failure=retry-same",),
    ("recovery.checkpoints=daly", "recovery.save_s=1", "recovery.on_suspicion=elsewhere"),
    ("recovery.on_suspicion=accept", "jobs.origin=satellites"),
    ("groups.shell.computer={slots: 3, memory_gb: 40}", "recovery.checkpoints=young"),
]


@pytest.mark.parametrize("seed", range(2 * len(RECOVERIES)))
def test_no_job_is_lost_or_done_twice_in_a_storm(seed):
    recovery = RECOVERIES[seed % len(RECOVERIES)]
    scenario = small(*STORM, *recovery, f"seed={seed}", "jobs.work_s=90", "jobs.count=400")
    ended = {}

    def look(flight, t_s):
        check_invariants(flight, t_s)
        phase = flight.world.jobs["phase"]
        for state in (Phase.DELIVERED, Phase.MISSED):
            for job in np.flatnonzero(phase == state).tolist():
                assert ended.setdefault(job, state) == state
        assert all(phase[job] == state for job, state in ended.items())

    flight, _ = flown(scenario, look)
    world = flight.world
    phase = world.jobs["phase"]
    open_jobs = ~np.isin(phase, [Phase.DELIVERED, Phase.MISSED])
    assert len(ended) + np.count_nonzero(open_jobs) == len(world.jobs)
    assert (phase == Phase.DELIVERED).mean() > 0.5
    assert world.counts[Count.RESTARTS] > 5
    late = open_jobs & (world.jobs["deadline_s"] < scenario.duration_s - 120.0)
    # Past its deadline a job stays open only while its satellite is at it or its answer is held.
    assert np.isin(phase[late], [Phase.RUNNING, Phase.QUEUED, Phase.HOLDING]).all()


def test_a_full_log_is_written_and_goes_on():
    scenario = small("hours=0.1")
    whole, _ = flown(scenario)
    flight, writes = build_flight(scenario), []
    world = flight.world

    def full():
        writes.append(int(world.counts[Count.LOGGED]))
        world.counts[Count.LOGGED] = LOG_ROWS - 2

    full()
    for leg in Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0):
        fly_leg(world, leg, full)
    assert len(writes) > 20
    assert set(writes[1:]) == {LOG_ROWS}
    assert world.jobs.tobytes() == whole.world.jobs.tobytes()

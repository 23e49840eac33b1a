"""Small fleets with compute jobs for tests of the flight."""

import numpy as np

from perigrid.scenario.load import load_scenario
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.world import Count, Happening, Phase

SMALL = (
    "groups.shell.orbit.walker.planes=6",
    "groups.shell.orbit.walker.satellites_per_plane=8",
    "groups.shell.laser.max_range_km=8000",
    "groups.shell.laser.grazing_altitude_km=0",
    "groups.shell.orbit.walker.altitude_km=1200",
    "stations.gateways.min_elevation_deg=10",
    "hours=0.5",
    "jobs.count=300",
)
STORM = (
    "faults.crash_every_hours=0.5",
    "faults.crash_minutes=3",
    "faults.corruption_every_hours=0.5",
    "faults.detected_share=0.7",
    "faults.loss_every_hours=4",
    "faults.station_every_hours=1",
    "faults.station_minutes=4",
    "faults.weather_every_hours=1",
    "faults.weather_minutes=4",
)


def small(*changes):
    return load_scenario("mega-constellation", overrides=(*SMALL, *changes))


def flown(scenario, after=None):
    """Fly in memory; the flight, and whatever was logged."""
    flight = build_flight(scenario)
    world, log = flight.world, []

    def full():
        rows = int(world.counts[Count.LOGGED])
        log.append((world.log[:rows].copy(), world.log_others[:rows].copy()))
        world.counts[Count.LOGGED] = world.counts[Count.COMMITTED] = 0

    for leg in Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0):
        fly_leg(world, leg, full, None if after is None else lambda a, b: after(flight, b))
    full()
    decisions = np.concatenate([one for one, _ in log])
    return flight, decisions


def check_invariants(flight, t_s):
    """Each job in one state, where that state says it is; no limit broken."""
    world, jobs, sats = flight.world, flight.world.jobs, flight.world.sats
    con, phase = world.con[0], flight.world.jobs["phase"]
    released = int(world.counts[Count.RELEASED])
    assert (phase[released:] == Phase.PENDING).all()
    assert (phase[:released] != Phase.PENDING).all()
    assert (phase == Phase.DELIVERED).sum() == world.counts[Count.DELIVERED]
    assert (phase == Phase.MISSED).sum() == world.counts[Count.MISSED]
    _check_places(world, phase)
    promised = np.isin(phase, [Phase.INBOUND, Phase.QUEUED, Phase.RUNNING])
    n = len(sats)
    at = jobs["node"][promised]
    assert (np.bincount(at, minlength=n) == sats["promised"]).all()
    wanted = np.zeros(world.models.shape, dtype=int)
    np.add.at(wanted, (at, jobs["model"][promised]), 1)
    assert (wanted == world.models["wanted"]).all()
    stored = np.bincount(at, weights=jobs["input_bytes"][promised], minlength=n)
    np.testing.assert_allclose(sats["stored_bytes"], stored, rtol=1e-9, atol=1.0)
    backlog = np.bincount(at, weights=jobs["charged_s"][promised], minlength=n)
    np.testing.assert_allclose(sats["backlog_s"], backlog, rtol=1e-6, atol=1e-6)
    _check_limits(world, con, sats)
    ended = np.isin(phase, [Phase.DELIVERED, Phase.MISSED])
    assert np.isfinite(jobs["end_s"][ended]).all()
    assert (jobs["end_s"][ended] <= t_s).all()
    delivered = phase == Phase.DELIVERED
    assert (jobs["end_s"][delivered] <= jobs["deadline_s"][delivered]).all()
    assert (jobs["left_s"][delivered] == 0.0).all()
    _check_waits(world, released, ended)


def _check_waits(world, released, ended):
    """Every second of a job, and every joule of the jobs, is booked once."""
    jobs, waits_s, con = world.jobs, world.waits_s, world.con[0]
    lived_s = jobs["since_s"] - jobs["release_s"]
    assert (waits_s >= -1e-9).all()
    np.testing.assert_allclose(waits_s.sum(axis=1), lived_s, rtol=0.0, atol=1e-6)
    assert (lived_s[released:] == 0.0).all()
    assert (jobs["since_s"][ended] == jobs["end_s"][ended]).all()
    spent_j = jobs["spent_s"].sum() * con["extra_w"] / con["slots"]
    np.testing.assert_allclose(world.sats["compute_j"].sum(), spent_j, rtol=1e-9, atol=1e-6)


def _check_places(world, phase):
    """Slots, queues and events hold exactly the jobs that are to be there."""
    jobs = world.jobs
    running = world.running[world.running >= 0]
    assert len(np.unique(running)) == len(running)
    assert sorted(running) == sorted(np.flatnonzero(phase == Phase.RUNNING))
    queued = []
    for s, head in enumerate(world.sats["head"].tolist()):
        job = head
        while job >= 0:
            assert jobs["node"][job] == s
            queued.append(job)
            job = int(jobs["following"][job])
    assert sorted(queued) == sorted(np.flatnonzero(phase == Phase.QUEUED))
    for s, slot in np.argwhere(world.running >= 0):
        assert jobs["node"][world.running[s, slot]] == s
    heap = world.heap[: world.counts[Count.HEAP]]
    assert len(np.unique(heap)) == len(heap)
    assert (jobs["place"][heap] == np.arange(len(heap))).all()
    assert np.count_nonzero(jobs["place"] >= 0) == len(heap)
    kinds = {
        Phase.WAITING: Happening.DECIDE,
        Phase.ASKING: Happening.DECIDE,
        Phase.INBOUND: Happening.ARRIVE,
        Phase.HOLDING: Happening.SEND,
        Phase.OUTBOUND: Happening.DELIVER,
    }
    for state, kind in kinds.items():
        rows = np.flatnonzero(phase == state)
        assert (jobs["place"][rows] >= 0).all()
        assert (jobs["kind"][rows] == kind).all()


def _check_limits(world, con, sats):
    """Battery, temperature, memory and storage."""
    capacity_j = con["capacity_j"]
    assert (sats["battery_j"] <= capacity_j * (1.0 + 1e-12)).all()
    assert (sats["lowest_j"] >= con["floor_j"] * (1.0 - 1e-12)).all()
    assert (sats["hottest_k"] < con["limit_k"]).all()
    assert (sats["memory_bytes"] <= con["memory_bytes"]).all()
    held = (world.models["resident"] * world.model_bytes).sum(axis=1)
    held = held + (world.running >= 0).sum(axis=1) * con["job_bytes"]
    np.testing.assert_allclose(sats["memory_bytes"], held, rtol=1e-9, atol=1.0)
    assert (sats["stored_bytes"] <= con["storage_bytes"]).all()
    out = world.ends["away"][: len(sats)] > 0
    assert (world.running[out] < 0).all()

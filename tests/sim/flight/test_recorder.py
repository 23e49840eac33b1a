"""What is decided is in the record before anything else happens."""

import pytest
from tests.flight_cases import small
from tests.sim.flight.test_people import CASE

from perigrid.ledger.record import BATCH, read_record
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from perigrid.sim.flight.recorder import Recorder
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.world import Count, Phase


@pytest.fixture(scope="module")
def flown(tmp_path_factory):
    """A flight whose record is looked at after every step."""
    folder = tmp_path_factory.mktemp("recorded")
    scenario = small(*CASE, "jobs.count=300", "hours=0.2")
    flight = build_flight(scenario)
    recorder, seen = Recorder(flight, folder, None, None), []

    def after(_, t_end_s):
        recorder.end_step(t_end_s)
        counts = flight.world.counts
        recorder.parts.record.sync()
        entries = list(read_record(folder / "ledger"))
        rows = sum(one["rows"] for one in entries if one["kind"] == BATCH)
        seen.append((t_end_s, rows, int(counts[Count.ROWS]), entries[-1]["t_s"]))
        assert counts[Count.COMMITTED] == counts[Count.LOGGED]

    for leg in Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0):
        fly_leg(flight.world, leg, recorder.write_decisions, after, recorder)
    recorder.write_decisions()
    recorder.parts.record.close()
    return flight, folder, seen


def test_after_every_step_all_decisions_stand_in_the_record(flown):
    flight, _, seen = flown
    assert all(rows == counted for _, rows, counted, _ in seen)
    assert all(t_s <= end_s for end_s, _, _, t_s in seen)
    assert seen[-1][1] > int((flight.world.jobs["phase"] != Phase.PENDING).sum())


def test_a_log_that_is_full_goes_into_record_and_table_at_once(tmp_path):
    flight = build_flight(small(*CASE, "jobs.count=200", "hours=0.1"))
    recorder = Recorder(flight, tmp_path, None, None)
    sky = Sky(flight.scenario, flight.fleet, flight.mesh, flight.faults)
    fly_leg(flight.world, next(sky.legs(0)), lambda: None, None, recorder)
    logged = int(flight.world.counts[Count.LOGGED])
    recorder.write_decisions()
    recorder.parts.record.close()
    *_, part = read_record(tmp_path / "ledger")
    assert part["rows"] == logged > 0
    assert part["t_s"] == flight.world.log["t_s"][:logged].max()
    assert flight.world.counts[Count.LOGGED] == flight.world.counts[Count.COMMITTED] == 0

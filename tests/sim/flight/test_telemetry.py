"""Telemetry of a flight."""

import numpy as np
import pytest
from tests.flight_cases import small

from perigrid.ledger.tables import FLEET_TELEMETRY
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.telemetry import TelemetryLog


@pytest.fixture(scope="module")
def told():
    """A flight of six minutes, its log of every minute laid out, and its world after them."""
    scenario = small("hours=0.1")
    flight = build_flight(scenario)
    log = TelemetryLog(flight)

    def after(t_s, t_end_s):
        if t_end_s % 60.0 == 0.0:
            log.take(t_end_s)

    for leg in Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0):
        fly_leg(flight.world, leg, lambda: None, after)
    assert log.rows == 6 * 48
    return flight, log.frame(), log


def test_rows_say_what_the_world_holds(told):
    flight, frame, log = told
    assert dict(frame.schema) == FLEET_TELEMETRY
    assert frame["t_s"].unique().to_list() == [60.0 * k for k in range(1, 7)]
    assert frame["satellite"][:48].to_list() == list(flight.nodes[:48])
    assert log.rows == log.frame().height == 0
    last, sats, con = frame[-48:], flight.world.sats, flight.world.con[0]
    for name, value in (
        ("battery_soc", sats["battery_j"] / con["capacity_j"]),
        ("computer_k", sats["computer_k"]),
        ("backlog_s", sats["backlog_s"]),
    ):
        np.testing.assert_allclose(last[name], value, rtol=1e-5)


def test_powers_are_means_since_the_row_before(told):
    flight, frame, _ = told
    sats, con = flight.world.sats, flight.world.con[0]
    worked_j = (frame["compute_w"].sum() - frame.height * con["idle_w"]) * 60.0
    assert worked_j == pytest.approx(sats["compute_j"].sum(), rel=1e-4)
    used_j = (sats["generated_j"] - sats["spilled_j"]).sum()
    assert frame["array_w"].sum() * 60.0 == pytest.approx(used_j, rel=1e-4)


def test_light_and_places_are_those_of_the_time(told):
    _, frame, _ = told
    assert frame["illumination"].is_between(0.0, 1.0).all()
    assert frame["latitude_deg"].is_between(-90.0, 90.0).all()
    one = frame.filter(frame["satellite"] == frame["satellite"][0])
    moved_deg = np.abs(np.diff(one["latitude_deg"].to_numpy()))
    assert (moved_deg < 5.0).all()
    assert moved_deg.max() > 1.0

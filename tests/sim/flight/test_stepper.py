"""One leg after another."""

from tests.flight_cases import small

from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from perigrid.sim.flight.stepper import fly_leg


def test_every_step_is_shown_and_timed():
    scenario = small("hours=0.1")
    flight = build_flight(scenario)
    seen, spent_s = [], 0.0
    for leg in Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0):
        steps_s, events_s = fly_leg(
            flight.world, leg, lambda: None, lambda a, b: seen.append((a, b))
        )
        spent_s += steps_s + events_s
    assert seen == [(10.0 * k, 10.0 * (k + 1)) for k in range(36)]
    assert spent_s > 0.0

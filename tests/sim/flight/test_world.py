"""The state of a flight."""

from tests.flight_cases import flown, small

from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.world import Happening, Phase, state_arrays


def test_a_checkpoint_s_arrays_are_all_that_changes():
    scenario = small("hours=0.1")
    before, (after, _) = build_flight(scenario).world, flown(scenario)
    kept = state_arrays(after.world)
    outlook = {"delay_s", "near", "laser_s", "routes_end_s"}
    scratch = {
        "room", "frontier", "log", "log_others", "row_bytes", "other_bytes", "leaves", "words",
    }  # fmt: skip
    for name in before._fields:
        same = getattr(before, name).tobytes() == getattr(after.world, name).tobytes()
        assert same or name in kept or name in outlook | scratch, name
    assert all(kept[name] is getattr(after.world, name) for name in kept)


def test_codes_fit_their_fields():
    assert max(Phase) < 256
    assert max(Happening) < 256

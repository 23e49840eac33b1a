"""What a flight gives back."""

from tests.flight_cases import small

from perigrid.sim.flight.result import ARCHITECTURE, FlightResult


def test_a_flight_is_a_comparison_of_one():
    scenario = small("hours=0.5", "seed=4")
    flown = FlightResult(scenario, {"jobs": 12}, {"warnings": ["a"]})
    found = flown.comparison
    assert (found["hours"], found["seed"], found["observations"]) == (0.5, 4, 12)
    assert found["workload"] == "batch"
    assert found["architectures"] == {ARCHITECTURE: {"jobs": 12}}
    assert flown.warnings == ("a",)
    assert flown.stages_s == {}

"""What a flight came to."""

import pytest
from tests.flight_cases import STORM, flown, small

from perigrid.sim.flight.summary import flight_bound, summarise
from perigrid.sim.flight.world import Phase

CASES = (
    (),
    STORM,
    ("jobs.count=3000", "jobs.value_spread=1"),
    ("jobs.origin=satellites", "jobs.deadline_minutes=2"),
)


@pytest.mark.parametrize("changes", CASES)
def test_the_account_closes_and_the_bound_holds(changes):
    flight, _ = flown(small(*changes))
    found = summarise(flight)
    missed = found["insights_missed"]
    assert found["insights_delivered"] + missed + found["in_flight"] == found["jobs"]
    assert sum(found["missed_by"].values()) == sum(found["missed_by_detail"].values()) == missed
    bound = found["bound"]["value"]
    assert 0.0 < found["value"] <= bound <= found["asked_value"]
    assert found["value_share"] == pytest.approx(found["value"] / bound)
    assert found["time_to_insight_s"]["p50"] <= found["time_to_insight_s"]["p99"]
    assert sum(found["binding"].values()) == pytest.approx(1.0)
    assert ("faults" in found) == (changes == STORM)
    energy = found["energy_j"]
    assert energy["unserved_j"] == 0.0
    jobs = flight.world.jobs
    right = (jobs["phase"] == Phase.DELIVERED) & (jobs["wrong"] == 0)
    assert found["value"] == pytest.approx(jobs["value"][right].sum())


def test_an_overloaded_fleet_is_bound_by_compute_and_a_dark_one_by_energy():
    busy, _ = flown(small("jobs.count=8000"))
    assert flight_bound(busy).kind == "compute"
    dark, _ = flown(small("jobs.count=8000", "groups.shell.array.area_m2=0.01",
                          "groups.shell.battery.initial_soc=0.32"))  # fmt: skip
    assert flight_bound(dark).kind == "energy"

import math
from dataclasses import replace

import numpy as np
import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario.load import load_scenario
from perigrid.sim.routes import routes

SPEED_OF_LIGHT_M_S = 299_792_458.0


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("starlink-relay", overrides=("hours=0.5", "step_s=60"))


@pytest.fixture(scope="module")
def found(scenario):
    return routes(scenario, "Redmond", "Usingen", disjoint=2)


def test_a_route_is_summed_up(found):
    assert (found["satellites"], found["gateways"], found["steps"]) == (1584, 18, 30)
    rtt = found["rtt_ms"]
    assert 0.0 < rtt["least"] <= rtt["median"] <= rtt["largest"]
    # Nothing is quicker than light on the great circle of 7,900 km, there and back.
    hops = min(len(turn["nodes"]) for turn in found["paths"]) - 2
    assert rtt["least"] > 2e3 * (7.9e6 / SPEED_OF_LIGHT_M_S + hops * found["hop_s"])
    assert found["path_changes"] == len(found["paths"]) - 1
    assert found["handovers"]["from"] <= found["path_changes"]
    assert found["outages"] == []


def test_paths_lead_from_end_to_end_over_satellites_only(found):
    for turn in (*found["paths"], *found["disjoint"]):
        assert (turn["nodes"][0], turn["nodes"][-1]) == ("Redmond", "Usingen")
        assert all(name.startswith("relay-shell-") for name in turn["nodes"][1:-1])
    one, other = (set(route["nodes"][1:-1]) for route in found["disjoint"])
    assert not one & other


def test_there_and_back_take_equally_long(scenario, found):
    back = routes(scenario, "Usingen", "Redmond")
    assert back["rtt_ms"]["median"] == pytest.approx(found["rtt_ms"]["median"], rel=1e-12)
    assert back["handovers"] == {"from": found["handovers"]["to"], "to": found["handovers"]["from"]}
    assert back["disjoint"] == []


def test_outages_appear_where_a_gateway_sees_little(scenario):
    steep = tuple(
        replace(one, min_elevation_rad=math.radians(85.0)) if one.name == "Redmond" else one
        for one in scenario.stations
    )
    found = routes(replace(scenario, stations=steep), "Redmond", "Usingen")
    assert found["outages"]
    lost_s = sum(end - start for start, end in found["outages"])
    assert found["outage_fraction"] == pytest.approx(lost_s / scenario.duration_s)
    assert [] in [turn["nodes"] for turn in found["paths"]]


def test_progress_is_told(scenario):
    told = []
    routes(
        scenario, "Redmond", "Usingen", progress=lambda label, share: told.append((label, share))
    )
    assert told
    assert np.all(np.diff([share for _, share in told]) >= 0.0)


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [("Redmnd", "Usingen", "did you mean 'Redmond'"), ("Hilo", "Hilo", "both ends")],
)
def test_wrong_ends_are_named(scenario, start, end, message):
    with pytest.raises(ScenarioError, match=message):
        routes(scenario, start, end)


def test_a_scenario_without_relays_has_no_routes(scenario):
    alone = replace(scenario, groups=scenario.groups[:1])
    with pytest.raises(ScenarioError, match="no network to route over"):
        routes(alone, "Redmond", "Usingen")

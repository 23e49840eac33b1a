from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, START, with_group
from perigrid.base.errors import ScenarioError
from perigrid.fleet.build import build_fleet
from perigrid.fleet.relay_network import relay_network
from perigrid.scenario.model import ElementSets, SunSynchronous


def test_the_network_is_that_of_the_scenario():
    network = relay_network(SCENARIO, build_fleet(SCENARIO))
    assert network is not None
    assert network.grid.n_relays == 144
    assert network.gateway_m.shape == (3, 3)
    assert np.degrees(network.min_elevation_rad) == pytest.approx([25.0] * 3)
    assert network.hop_s == 0.001


def test_nothing_to_relay_through():
    alone = replace(SCENARIO, groups=(COMPUTE,))
    no_gateways = replace(SCENARIO, stations=SCENARIO.stations[:2])
    no_lasers = with_group(SCENARIO, "relay", laser=None)
    for scenario in (alone, no_gateways, no_lasers):
        assert relay_network(scenario, build_fleet(scenario)) is None


def test_a_ring_is_a_shell_of_one_plane():
    scenario = with_group(SCENARIO, "relay", orbit=SunSynchronous(20, 600.0e3, 12.0))
    network = relay_network(scenario, build_fleet(scenario))
    assert network is not None
    assert len(network.grid.pairs) == 20


def test_element_sets_have_no_known_grid():
    orbit = SunSynchronous(3, 600.0e3, 12.0)
    base = with_group(SCENARIO, "relay", orbit=orbit)
    from perigrid.fleet.build import elements_of

    sets = ElementSets(elements_of(base.groups[1], START), "test")
    scenario = with_group(SCENARIO, "relay", orbit=sets)
    with pytest.raises(ScenarioError, match="Walker shell"):
        relay_network(scenario, build_fleet(scenario))

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import CENTRES, COMPUTE, COMPUTER, EYES, RELAY, SCENARIO, START, with_group
from perigrid.base.elements import MeanElements
from perigrid.base.errors import ScenarioError
from perigrid.fleet.build import build_fleet, elements_of
from perigrid.fleet.model import NodeKind
from perigrid.physics.orbit.propagate import propagate
from perigrid.scenario.model import ElementSets, Swarm


def _published(name: str, age_s: float) -> MeanElements:
    return MeanElements(name, 1, START.plus(-age_s), 1.1e-3, 0.001, 1.7, 0.1, 0.2, 0.3)


def test_rows_follow_each_other_by_kind():
    fleet = build_fleet(SCENARIO)
    assert fleet.n_satellites == 6
    assert fleet.n_relays == 144
    assert len(fleet.kind) == len(fleet.names) == 6 + 144 + 2 + 3 + 2
    assert (np.diff(fleet.kind) >= 0).all()
    assert fleet.rows(NodeKind.STATION).tolist() == [150, 151]
    assert [fleet.names[row] for row in fleet.rows(NodeKind.GATEWAY)] == [
        "Madrid",
        "Perth",
        "Quito",
    ]
    assert sorted(fleet.stations) == [150, 151, 152, 153, 154]
    assert sorted(fleet.data_centres) == [155, 156]
    assert fleet.data_centres[156].name == "Frankfurt"


def test_ground_has_a_place_and_orbit_has_none():
    fleet = build_fleet(SCENARIO)
    assert np.isnan(fleet.latitude_rad[:150]).all()
    assert fleet.latitude_rad[150] == pytest.approx(np.radians(67.86))
    assert np.isfinite(fleet.longitude_rad[150:]).all()


def test_countries_are_registry_states_in_orbit():
    fleet = build_fleet(SCENARIO)
    assert fleet.countries[0] == "CN"
    assert fleet.countries[6] == "US"
    assert fleet.operators[155] == "ADA"
    assert fleet.countries[156] == "DE"


def test_only_satellites_and_centres_compute():
    fleet = build_fleet(SCENARIO)
    assert fleet.computer(0) is COMPUTER
    assert fleet.computer(6) is None
    assert fleet.computer(150) is None
    assert fleet.computer(155) is COMPUTER


def test_designed_orbits_have_no_age_and_published_ones_do():
    assert build_fleet(SCENARIO).element_age_s.tolist() == [0.0] * 6
    orbit = ElementSets((_published("a", 3600.0), _published("b", -60.0)), "test")
    fleet = build_fleet(with_group(SCENARIO, "compute", orbit=orbit))
    assert fleet.names[:2] == ("a", "b")
    assert fleet.element_age_s == pytest.approx([3600.0, 60.0])


def test_a_mission_without_relays_or_ground_still_has_rows():
    fleet = build_fleet(replace(SCENARIO, groups=(COMPUTE,), stations=(), data_centres=()))
    assert fleet.relays is None
    assert fleet.kind.tolist() == [int(NodeKind.SATELLITE)] * 6


def test_a_mission_needs_computing_satellites():
    with pytest.raises(ScenarioError, match="role 'compute'"):
        build_fleet(replace(SCENARIO, groups=(RELAY,)))


def test_walker_elements_start_at_the_mission():
    elements = elements_of(RELAY, START)
    assert len(elements) == 144
    assert {one.epoch for one in elements} == {START}


def test_a_formation_is_flown_as_designed():
    swarm = Swarm(650e3, 6.0, 1000.0, 100.0, hexagonal=False)
    elements = elements_of(replace(COMPUTE, orbit=swarm), START)
    assert len(elements) == 81
    assert all(one.epoch == START for one in elements)
    position, _, error = propagate(elements, START, np.linspace(0.0, 5800.0, 30))
    assert not error.any()
    apart = np.linalg.norm(position[:, 1:] - position[:, :1], axis=0)
    # The four nearest to the centre swing between 100 and 200 m; the rim is a kilometre away.
    assert apart.min() == pytest.approx(100.0, abs=1.0)
    assert apart[:4].max() == pytest.approx(200.0, abs=1.5)
    assert apart.max() == pytest.approx(1000.0, abs=5.0)


def test_groups_follow_each_other_in_the_order_of_the_scenario():
    used = replace(EYES.battery, cycles=5000.0, cycle_depth=0.5, cycle_loss_share=1e-4)
    worn = replace(EYES, battery=used)
    fleet = build_fleet(replace(SCENARIO, groups=(worn, RELAY, CENTRES)))
    assert fleet.n_satellites == 7
    assert [fleet.names[row] for row in (0, 2, 3, 6)] == [
        "eyes-0000", "eyes-0002", "centres-0000", "centres-0003",
    ]  # fmt: skip
    assert fleet.names[7].startswith("relay")
    assert fleet.operators[:7] == ("Looker",) * 3 + ("Cloud",) * 4
    assert fleet.countries[:7] == ("DE",) * 3 + ("SE",) * 4
    assert [group.name for group, _ in fleet.spans()] == ["eyes", "centres"]
    assert [rows for _, rows in fleet.spans()] == [slice(0, 3), slice(3, 7)]
    assert fleet.bus(2).name == "eyes"
    assert fleet.bus(3) is fleet.groups[1]
    assert fleet.called(3) == ("centres-0000", "centres")
    assert fleet.computer(2) is None
    assert fleet.computer(3) is CENTRES.computer
    assert fleet.buses.capacity_j[0] < EYES.battery.capacity_j
    assert fleet.buses.capacity_j[3] == CENTRES.battery.capacity_j

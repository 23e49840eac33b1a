"""Lasers within each group, if anything goes over them."""

import dataclasses

from perigrid.base.architecture import BENT_PIPE, ORBITAL
from perigrid.fleet.build import build_fleet
from perigrid.fleet.network.mesh import fleet_mesh
from perigrid.physics.topology import plus_grid_pairs
from tests.fleet.network.test_legs import small


def pairs_of(scenario, architecture=ORBITAL):
    return fleet_mesh(scenario, build_fleet(scenario), architecture).pairs


def test_a_shell_is_a_grid_and_a_ring_a_ring():
    assert pairs_of(small()).tolist() == plus_grid_pairs(6, 8, 0, seam=True).tolist()
    ring = small("groups.shell.orbit={sun_synchronous: {satellites: 12, altitude_km: 700, "
                 "ltan_hours: 6}}")  # fmt: skip
    assert len(pairs_of(ring)) == 12


def test_nobody_is_joined_without_lasers_or_where_nothing_goes_over_them():
    assert len(pairs_of(small("groups.shell.laser=null"))) == 0
    assert len(pairs_of(small(), BENT_PIPE)) == 0


def test_groups_are_joined_each_by_itself():
    scenario = small()
    (shell,) = scenario.flown
    second = dataclasses.replace(shell, name="second")
    both = pairs_of(dataclasses.replace(scenario, groups=(*scenario.groups, second)))
    alone = pairs_of(scenario)
    assert both.tolist() == [*alone.tolist(), *(alone + 48).tolist()]

from dataclasses import replace

import pytest

from missions import SCENARIO, with_group
from perigrid.base.architecture import BENT_PIPE, COMPARED, ONBOARD, ORBITAL
from perigrid.fleet.build import build_fleet
from perigrid.fleet.outlook import build_outlook
from perigrid.scenario.model import SunSynchronous
from perigrid.sim.sustained import sustained_by_architecture, sustained_mean_w


@pytest.fixture(scope="module")
def ring():
    """Enough satellites on one ring that neighbours hold lasers, with a lean array."""
    group = SCENARIO.group("compute")
    mission = with_group(
        replace(SCENARIO, duration_s=11_400.0),
        "compute",
        orbit=SunSynchronous(14, 520.0e3, 10.5),
        array=replace(group.array, area_m2=1.8),
    )
    fleet = build_fleet(mission)
    return fleet, build_outlook(mission, fleet)


def test_each_architecture_carries_its_own_lasers(ring) -> None:
    found = sustained_by_architecture(ring[0], dict.fromkeys(COMPARED, ring[1]))
    onboard, orbital = found[ONBOARD], found[ORBITAL]
    assert found[BENT_PIPE] is onboard
    # Two terminals of 60 W, held all the time but for hand-overs.
    lost_w = onboard.energy_w.mean() - orbital.energy_w.mean()
    assert lost_w == pytest.approx(120.0, abs=6.0)


def test_the_mean_is_that_of_the_architecture(ring) -> None:
    found = sustained_by_architecture(ring[0], {ORBITAL: ring[1]})[ORBITAL]
    assert sustained_mean_w(*ring, ORBITAL) == found.compute_w.mean()
    assert sustained_mean_w(*ring) > sustained_mean_w(*ring, ORBITAL)


def test_without_computers_there_is_nothing(ring) -> None:
    fleet, outlook = ring
    bare = replace(fleet, groups=(replace(fleet.groups[0], computer=None),))
    assert sustained_by_architecture(bare, dict.fromkeys(COMPARED, outlook)) == {}
    assert sustained_mean_w(bare, outlook) == 0.0

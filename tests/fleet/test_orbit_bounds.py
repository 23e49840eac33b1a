"""Where satellites with published elements can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, START
from perigrid.base.elements import MeanElements
from perigrid.base.errors import ElementSetError
from perigrid.fleet import orbit_bounds
from perigrid.fleet.ephemeris import GroupOrbits, refuse_lost
from perigrid.fleet.orbit_bounds import LOWEST_M, Lost, OrbitBounds, why_lost
from perigrid.physics.orbit.sgp4.model import Sgp4Set
from perigrid.scenario.model import ElementSets

DAY_S = 86_400.0
NOW = np.zeros(1)


def falling(age_days: float) -> MeanElements:
    """A satellite at 300 km whose drag term is that of its last days."""
    return MeanElements("FALLS", 1, START.plus(-age_days * DAY_S), 1.158e-3, 0.0014, 1.7, 0, 0, 0,
                        0.045)  # fmt: skip


def orbits(*elements: MeanElements) -> GroupOrbits:
    return GroupOrbits.of(replace(COMPUTE, orbit=ElementSets(elements, "test")), START)


def test_an_orbit_is_flown_where_its_elements_hold():
    position, _ = orbits(falling(0.0)).states(np.array([0.0, 600.0]))
    assert np.isfinite(position).all()


@pytest.mark.parametrize("age_days", [-14.0, -12.1, -6.0, -4.6, -3.5, -2.0, 1.5, 3.0, 20.0])
def test_none_is_flown_from_where_sgp4_loses_it(age_days):
    with pytest.raises(ElementSetError, match="cannot propagate 'FALLS'"):
        orbits(falling(age_days)).states(NOW)


def test_a_satellite_that_is_lost_within_the_run_is_named_before_it_and_in_it():
    prepared = orbits(falling(0.0))
    with pytest.raises(ElementSetError, match="decayed"):
        prepared.states(np.array([0.0, 2.0 * DAY_S]))
    group = replace(COMPUTE, orbit=ElementSets((falling(0.0),), "test"))
    mission = replace(SCENARIO, groups=(group, *SCENARIO.groups[1:]))
    refuse_lost(replace(mission, duration_s=3600.0))
    with pytest.raises(ElementSetError, match="FALLS"):
        refuse_lost(replace(mission, duration_s=2.0 * DAY_S))


def test_each_is_followed_from_its_own_epoch():
    other = MeanElements("STAYS", 2, START.plus(-20.0 * DAY_S), 1.1e-3, 0.001, 1.7, 0, 0, 0)
    orbits(falling(0.0), other).states(NOW)


def test_far_orbits_are_within_their_bounds():
    far = MeanElements("FAR", 3, START, 1.424e-6, 0.9884983, 0.08, 1.55, 3.36, 0.3)
    high = OrbitBounds.of([far]).highest_m[0]
    position, _ = orbits(far).states(np.linspace(0.0, DAY_S, 50))
    reached = np.linalg.norm(position[:, 0], axis=0)
    assert reached.max() < high
    assert reached.min() > LOWEST_M


def test_what_is_no_state():
    bounds = OrbitBounds(np.array([7.0e6]))
    x = np.array([6.9e6, 7.1e6, 6.3e6, np.nan, 6.9e6])
    position = np.stack([x[np.newaxis], np.zeros((1, 5)), np.zeros((1, 5))])
    error = np.array([[0, 0, 0, 0, 6]], dtype=np.uint8)
    assert bounds.lost(position, error).tolist() == [[False, True, True, True, True]]


@pytest.mark.parametrize(
    ("distance_m", "code", "words"),
    [(1.59e11, 0, "it would be 159,000,000 km from"), (6.3e6, 6, "code 6: decayed"),
     (6.38e6, 0, "below the height of any orbit"), (np.nan, 1, "code 1: elements out of range"),
     (np.nan, 0, "elements out of range")],
)  # fmt: skip
def test_the_reason_is_told(distance_m, code, words):
    assert words in why_lost("X", Lost(0, np.array([distance_m, 0.0, 0.0]), code))


def test_each_satellite_is_told_by_its_first_such_state(monkeypatch):
    monkeypatch.setattr(orbit_bounds, "_CHUNK", 2)
    steady = [
        MeanElements(f"S{i}", i, START.plus(-DAY_S), 1.1e-3, 0.001, 1.7, 0, 0, 0) for i in range(4)
    ]
    elements = (*steady, falling(-12.0))
    found = orbit_bounds.lost_on_the_way(Sgp4Set.from_elements(elements), elements, START)
    assert [one.row for one in found] == [4]
    with pytest.raises(ElementSetError, match="'FALLS'"):
        orbits(*elements)

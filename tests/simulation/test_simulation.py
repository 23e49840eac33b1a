"""The storm over many seeds, and the bugs planted for it to find."""

from collections import Counter

import pytest

from simulation.disk import BrokenError
from simulation.planted import PLANTED
from simulation.storm import first_violation, storm
from simulation.world import fly

SEEDS = 25
MOST_SEEDS = 120
"""How many seeds a planted bug may take to show."""
KINDS = {
    "crash",
    "crash at sync",
    "torn write",
    "full disk",
    "bit flip",
    "partition",
    "clock jump",
    "drop",
    "duplicate",
    "replay",
    "order replay",
    "silent corruption",
    "approval forged",
    "approval twice",
    "approval expired",
    "approval replay",
}


def test_invariants_hold_in_a_storm_of_every_kind_of_fault() -> None:
    totals = storm(range(SEEDS))
    assert totals.violations == []
    assert totals.faults.keys() >= KINDS
    assert totals.faults.total() >= 50 * SEEDS
    assert totals.delivered > SEEDS  # the storm does not simply stop everything
    assert totals.acts > 10 * SEEDS


@pytest.mark.slow
def test_invariants_hold_over_a_thousand_seeds() -> None:
    totals = storm(range(1000))
    assert totals.violations == []
    assert totals.faults.total() >= 50_000


def test_a_seed_always_goes_the_same_way() -> None:
    first, again, other = fly(11), fly(11), fly(14)
    assert first == again
    assert first.digest != other.digest


def demand_found(name: str, seeds: range) -> None:
    invariant, plant, _ = PLANTED[name]
    with plant():
        found = first_violation(seeds)
    assert found is not None, f"{name}: not found in {seeds}"
    seed, broken = found
    assert broken == invariant, f"seed {seed}"
    assert fly(seed).seed == seed  # without the bug the same seed is in order


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found_by_the_invariant_that_forbids_it(name: str) -> None:
    first = PLANTED[name][2]
    demand_found(name, range(first, first + MOST_SEEDS))


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_from_the_first_seed_on_no_other_invariant_is_broken_before(name: str) -> None:
    demand_found(name, range(PLANTED[name][2] + MOST_SEEDS))


def test_a_violation_says_how_to_see_it_again() -> None:
    _, plant, _ = PLANTED["a scene's territory is not looked up"]
    with plant():
        totals = storm(range(1))
    (said,) = totals.violations
    assert said.startswith("BrokenError: residency: ")
    assert said.endswith("python benchmarks/governance_storm.py --first 0 --seeds 1")
    assert issubclass(BrokenError, AssertionError)
    assert totals.faults == Counter()

"""The bound is never below what any scheduler reaches, and tight where one thing binds alone."""

import math
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from flights import fly, world_of
from missions import COMPUTE, RADIO, SCENARIO, with_group, with_stage
from perigrid.base.architecture import BENT_PIPE, COMPARED, ONBOARD, ORBITAL, RELAY, Architecture
from perigrid.base.errors import InvariantError
from perigrid.scenario.model import Rule, Scenario
from perigrid.sim import bound as bounds
from perigrid.sim.bound import run_bound
from perigrid.sim.upper_bound import RunBound
from perigrid.sim.world import World

ORBITING = (ONBOARD, ORBITAL)
SCHEDULERS = ("fifo", "edf", "lookahead", "price")
DENSE = replace(SCENARIO, demand=replace(SCENARIO.demand, cell_rad=math.radians(2.0)))


def bound_of(world: World, architecture: Architecture) -> RunBound:
    return run_bound(world, architecture)


def with_deadline(scenario: Scenario, deadline_s: float) -> Scenario:
    return replace(scenario, demand=replace(scenario.demand, deadline_s=deadline_s))


def slow_radio() -> Scenario:
    radio = replace(RADIO, symbol_rate_hz=3.0e6, max_rate_bps=4.0e6)
    return with_group(DENSE, "compute", radio=radio)


def slow_model(fixed_s: float) -> Scenario:
    pipeline = SCENARIO.pipeline
    slow = with_stage(pipeline, "classify", fixed_s=fixed_s)
    return replace(DENSE, pipeline=slow)


def little_power() -> Scenario:
    battery = replace(COMPUTE.battery, initial_soc=COMPUTE.battery.min_soc + 0.02)
    array = replace(COMPUTE.array, area_m2=0.5)
    return with_group(slow_model(400.0), "compute", battery=battery, array=array)


def closed_station() -> Scenario:
    rule = Rule("keep-out", "deny", "move", "any", "CN", "any", "closed")
    stations = tuple(
        replace(place, country="NO") if place.name == "Kiruna" else place
        for place in SCENARIO.stations
    )
    centres = tuple(replace(place, country="NO") for place in SCENARIO.data_centres)
    short = with_deadline(SCENARIO, 300.0)
    return replace(short, rules=(rule,), stations=stations, data_centres=centres)


HARD = {
    "slow radio": slow_radio(),
    "slow model": slow_model(900.0),
    "little power": little_power(),
    "short deadline": with_deadline(SCENARIO, 300.0),
    "slow and short": with_deadline(slow_model(600.0), 4000.0),
    "closed station": closed_station(),
}


@pytest.fixture(scope="module")
def hard(world: World) -> dict[str, World]:
    three_hours = {name: replace(one, duration_s=3 * 3600.0) for name, one in HARD.items()}
    return {name: world_of(one, world.bank) for name, one in three_hours.items()}


def test_every_run_carries_value_bound_and_share(comparison: tuple[dict, Path]) -> None:
    for entry in comparison[0]["architectures"].values():
        assert entry["value"] == entry["insights_delivered"]
        assert entry["value"] <= entry["bound"]["value"] <= entry["bound"]["wanted"]
        assert entry["value_share"] == entry["value"] / entry["bound"]["value"]
        assert entry["bound"]["kind"] in {"routes", "contact volume", "compute", "energy"}


@pytest.mark.parametrize(("name", "architecture"), list(product(HARD, COMPARED)))
def test_no_run_exceeds_its_bound(
    hard: dict[str, World], name: str, architecture: Architecture
) -> None:
    place = list(HARD).index(name)
    scheduler = SCHEDULERS[(place + list(COMPARED).index(architecture)) % len(SCHEDULERS)]
    world = replace(hard[name], scenario=replace(hard[name].scenario, scheduler=scheduler))
    summary = fly(world, architecture).summary
    assert summary["value"] <= summary["bound"]["value"]


def test_a_slow_radio_binds_by_volume(hard: dict[str, World]) -> None:
    found = bound_of(hard["slow radio"], BENT_PIPE)
    assert found.kind == "contact volume"
    value = fly(hard["slow radio"], BENT_PIPE).summary["value"]
    assert 0 < value <= found.value < found.wanted


def test_a_slow_model_binds_by_compute(hard: dict[str, World]) -> None:
    for architecture in ORBITING:
        assert bound_of(hard["slow model"], architecture).kind == "compute"
    # on the ground there is time enough
    assert bound_of(hard["slow model"], RELAY).kind == "routes"


def test_little_power_binds_by_energy(hard: dict[str, World]) -> None:
    for architecture in ORBITING:
        found = bound_of(hard["little power"], architecture)
        assert found.kind == "energy"
        assert found.value < found.wanted


def test_a_longer_deadline_never_lowers_it(world: World) -> None:
    values = [
        bound_of(world_of(with_deadline(SCENARIO, deadline_s), world.bank), architecture).value
        for architecture in COMPARED
        for deadline_s in (60.0, 300.0, 1500.0)
    ]
    for first in range(0, len(values), 3):
        assert values[first : first + 3] == sorted(values[first : first + 3])


def test_a_rule_only_lowers_it(hard: dict[str, World]) -> None:
    world = hard["closed station"]
    free = replace(world, scenario=replace(world.scenario, rules=()))
    closed, opened = (bound_of(one, BENT_PIPE) for one in (world, free))
    assert closed.value < opened.value


def test_beyond_the_limit_it_stays_valid_without_searching(
    hard: dict[str, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = hard["short deadline"]
    for architecture in COMPARED:
        searched = bound_of(world, architecture)
        monkeypatch.setattr(bounds, "MOST_SEARCHED", 0)
        assert bound_of(world, architecture).value >= searched.value
        monkeypatch.undo()


def test_nothing_possible_has_no_share(world: World) -> None:
    cut = world_of(with_group(SCENARIO, "compute", radio=None), world.bank)
    found = bound_of(cut, BENT_PIPE)
    assert found.value == 0
    assert found.beside(0)["value_share"] is None


def test_more_than_possible_is_an_error() -> None:
    with pytest.raises(InvariantError, match="4 were delivered, 3 are possible"):
        RunBound(3, "routes", 5).beside(4)


def test_clouds_are_known_to_the_bound(world: World) -> None:
    kept = world.bank.cloud_seen <= world.scenario.pipeline.cloud_limit
    wanted = sum(bool(kept[job.scene]) for job in world.jobs)
    assert bound_of(world, RELAY).wanted == wanted
    assert np.count_nonzero(kept) < len(kept)

"""What a run is pinned to follows from what decides, and from nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from batch_cases import computing
from flights import world_of
from missions import SCENARIO
from perigrid.fleet.model import ContactKind
from perigrid.ledger.pins import LIVE, SIMULATED, ground_passes, origin, run_pins
from perigrid.scenario.model import Approver, Rule
from perigrid.sim.world import World
from perigrid.workload.cloud_detector import CloudDetector
from perigrid.workload.scene_bank import build_bank

HOURS_2 = replace(SCENARIO, duration_s=2 * 3600.0)


@pytest.fixture(scope="module")
def world() -> World:
    rng = np.random.default_rng(1)
    pipeline, demand = HOURS_2.pipeline, HOURS_2.demand
    return world_of(HOURS_2, build_bank(pipeline, demand, rng, 3, CloudDetector(threads=1)))


def changed(world: World, **changes: object) -> set[str]:
    """Which pins differ once a part of the world is another."""
    other = replace(world, **changes)
    before, after = (run_pins(one, "onboard", SIMULATED) for one in (world, other))
    return {key for key in before if before[key] != after[key]}


def test_every_part_that_decides_has_its_own_digest(world: World) -> None:
    scenario, bank, outlook = world.scenario, world.bank, world.outlook
    rule = Rule("eu-only", "deny", "move", "raw", "any", "any", "stays")
    later = replace(outlook.contacts, t_start_s=outlook.contacts.t_start_s + 1.0)
    assert changed(world) == set()
    assert changed(world, scenario=replace(scenario, rules=(rule,))) == {"policy"}
    assert changed(world, scenario=replace(scenario, approver=Approver(1.0, True))) == {"policy"}
    assert changed(world, scenario=replace(scenario, digest="other")) == {"scenario"}
    assert changed(world, scenario=replace(scenario, seed=99)) == {"seed"}
    assert changed(world, outlook=replace(outlook, contacts=later)) == {"contacts"}
    assert changed(world, bank=replace(bank, cloud_seen=bank.cloud_seen + 0.01)) == {"scenes"}
    assert changed(world, bank=replace(bank, provenance={"detector": "other"})) == {"models"}
    assert changed(world, jobs=world.jobs[1:]) == {"observations"}
    group = replace(scenario.groups[0], orbit=replace(scenario.groups[0].orbit, altitude_m=6.0e5))
    groups = (group, *scenario.groups[1:])
    assert changed(world, scenario=replace(scenario, groups=groups)) == {"elements"}


def test_compute_jobs_are_named_and_no_scenes_are_pinned(world: World) -> None:
    asked = computing(world)
    pins = run_pins(asked, "orbital", SIMULATED)
    assert (pins["workload"], pins["observations"]) == ("batch", 4)
    assert not pins.keys() & {"scenes", "models"}
    assert "workload" not in run_pins(world, "orbital", SIMULATED)


def test_a_live_run_does_not_claim_to_know_its_clock(world: World) -> None:
    assert run_pins(world, "relay", SIMULATED)["clock"] == {"kind": SIMULATED, "uncertainty_s": 0.0}
    live = run_pins(world, "relay", LIVE, "a1")
    assert live["clock"] == {"kind": LIVE, "uncertainty_s": None}
    assert (live["nonce"], live["architecture"]) == ("a1", "relay")


def test_an_origin_is_one_line_and_the_runs_own() -> None:
    pins = {"scenario": {"name": "my\nscenario é"}, "architecture": "onboard"}
    assert origin(pins, "0123456789abcdef0000") == "perigrid/my-scenario--/onboard/0123456789abcdef"


def test_passes_are_contacts_with_the_ground_in_order(world: World) -> None:
    passes = ground_passes(world.fleet, world.outlook)
    contacts = world.outlook.contacts
    assert passes == sorted(passes)
    satellites = set(world.fleet.names[: world.fleet.n_satellites])
    assert {name for _, name in passes} <= satellites
    down = np.isin(contacts.kind, (ContactKind.DOWNLINK, ContactKind.RELAY))
    for t_s, name in passes:
        rows = down & (contacts.source == world.fleet.names.index(name))
        assert np.any(rows & (contacts.t_start_s <= t_s) & (t_s <= contacts.t_end_s))
    assert len(passes) >= np.count_nonzero(down & (contacts.source < world.fleet.n_satellites)) > 0

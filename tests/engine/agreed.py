"""Missions whose flights have been agreed upon: ``python -m tests.engine.agreed`` writes them anew.

Each was once flown by two engines, decision by decision the same: this one, and one in Python that
handed every event to a controller of objects. What both did is kept as digests of the tables.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import polars as pl

from missions import COMPUTE, SCENARIO, with_group, with_stage
from perigrid.base.architecture import ANY, Architecture
from perigrid.scenario.faults import Recovery
from perigrid.scenario.load import load_scenario
from perigrid.scenario.policy_model import PolicyFile
from perigrid.sim.run import simulate
from perigrid.sim.world import World, build_world
from tests.engine.stops import STOPS, mission

AGREED = Path(__file__).with_name("agreed.json")
TABLES = ("actions", "legs", "others", "events", "jobs", "telemetry")
NUMBERS = frozenset({"sequence", "verdict_number", "number", "number1", "number2", "number3"})
"""Columns that say where something stands, not what."""

# Passes over six stations, work that takes a computer minutes: what waits is what is decided.
SITES = ", ".join(
    f"{{name: {name}, country: {country}, latitude_deg: {latitude}, longitude_deg: {longitude}}}"
    for name, country, latitude, longitude in (
        ("Miyun", "CN", 40.45, 116.86), ("Svalbard", "'NO'", 78.23, 15.39),
        ("Troll", "AQ", -72.01, 2.53), ("Inuvik", "CA", 68.32, -133.55),
        ("Magallanes", "CL", -52.94, -70.85), ("Singapore", "SG", 1.35, 103.82),
    )
)  # fmt: skip
LOADED = (
    "hours=3", "demand.deadline_hours=1", "pipeline.classify.ops_per_pixel=2e9",
    f"stations.home.sites=[{SITES}]",
)  # fmt: skip
EVERY = ["downlink", "crosslink", "relay"]
COMPOSED = {
    "orbit or ground": ({ANY: ["origin", "satellite", "data-centre"]}, {ANY: EVERY}),
    "screened in orbit": ({"screen": ["origin"], ANY: ["data-centre"]}, {ANY: EVERY}),
    "screened here, done there": (
        {"screen": ["origin"], ANY: ["satellite"]},
        {ANY: ["crosslink", "downlink"]},
    ),
    "anywhere, answers by relay": (
        {ANY: ["origin", "satellite"]},
        {"raw": ["crosslink"], ANY: ["relay"]},
    ),
}
RULED = {
    "raw pixels stay": "{id: stay, form: no-raw-export, to_country: CN}",
    "raw pixels not to one state": (
        "{id: not-norway, effect: deny, action: move, product: raw, to_country: 'NO', reason: no}"
    ),
    "answers to one operator": (
        "{id: answers, effect: deny, action: move, product: answer, to_operator: adaspace, "
        "reason: no}"
    ),
    "no computing": "{id: idle, effect: deny, action: compute, reason: no}",
    "a closed area": (
        "{id: area, form: close-area, area: {south_deg: -60, north_deg: 60, west_deg: -180, "
        "east_deg: 180, closed_from: 2026-08-22T19:30:00Z, closed_until: 2026-08-22T20:00:00Z}}"
    ),
    "who held it": "{id: bar, form: bar-export, export_class: c, to_operator: starlink}",
    "people are asked": "{id: hand, form: approve, action: compute}",
}
TIMED = {
    "a curfew": ("downlink", "context.now_s >= 3600"),
    "none before an hour": ("downlink", "context.now_s < 4200"),
    "no crosslinks for an hour": ("move", "context.now_s >= 1800 && context.now_s < 5400"),
    "no computing for an hour": ("process", "context.now_s >= 1800 && context.now_s < 5400"),
    "old scenes stay": ("downlink", "context.now_s - context.captured_s > 2400"),
}
RECOVERIES = {
    "edf": Recovery(checkpoints="daly", quarantine_s=1800.0),
    "price": Recovery("retry-same", "elsewhere", checkpoints="fixed", quarantine_after=0),
    "planner": Recovery("elsewhere", "accept", retries=1, quarantine_after=1),
}


class Case(NamedTuple):
    """A mission under an architecture."""

    name: str
    world: World
    architecture: Architecture


def cases() -> Iterator[Case]:
    """Give every mission."""
    day = _world("three-body", "hours=3")
    yield from _under("three-body", day, (
        "bent-pipe", "relay", "onboard", "orbital", "onboard-relay", "hosted", "ground-anywhere"
    ))  # fmt: skip
    loaded = _world("three-body", *LOADED)
    for scheduler in ("fifo", "edf", "lookahead", "price", "planner"):
        world = replace(loaded, scenario=replace(loaded.scenario, scheduler=scheduler))
        yield from _under(f"loaded, {scheduler}", world, ("orbital", "onboard"))
    yield from _composed(loaded)
    for name, rule in RULED.items():
        people = "approvers=[{name: ada, role: pilot, delay_minutes: 4}]"
        more = (*LOADED, f"rules=[{rule}]", people, "handling={data_export_classes: [c]}")
        world = replace(loaded, scenario=load_scenario("three-body", overrides=more))
        yield from _under(name, world, ("bent-pipe", "orbital"))
    for name, (action, condition) in TIMED.items():
        yield from _under(name, _timed(loaded, action, condition), ("bent-pipe", "orbital"))
    far = _world("imagers-and-data-centre", "hours=4")
    yield from _under("imagers", far, ("bent-pipe", "relay", "ground-anywhere", "hosted"))
    yield from _under("dawn-dusk", _world("dawn-dusk-demo", "hours=3"), ("onboard", "orbital"))
    ships = _world("examples/ships.yaml")
    yield from _under("ships", ships, ("bent-pipe", "onboard", "orbital"))
    governed = _world("examples/governed.yaml", "hours=3")
    yield from _under("governed", governed, ("bent-pipe", "relay", "onboard", "orbital"))
    lent = _world("examples/two-operators/scenario.yaml", "hours=3")
    yield from _under("two operators", lent, ("onboard", "orbital"))
    storm = _world("examples/fault-storm.yaml", "hours=3")
    for seed in (1, 2):
        world = replace(storm, scenario=replace(storm.scenario, seed=seed))
        yield from _under(f"storm {seed}", world, ("bent-pipe", "onboard", "orbital"))
    for number, (scheduler, recovery) in enumerate(RECOVERIES.items()):
        changed = replace(storm.scenario, seed=number, scheduler=scheduler, recovery=recovery)
        yield from _under(
            f"storm, {scheduler}", replace(storm, scenario=changed), ("orbital", "hosted")
        )
    pipeline = with_stage(SCENARIO.pipeline, "screen", fixed_s=200.0)
    stopped = build_world(mission(oversight={"orders": STOPS}, pipeline=pipeline))
    yield from _under("stops", stopped, ("onboard", "orbital", "relay"))
    yield from _under("no light", _dark(), ("bent-pipe", "orbital"))


def _dark() -> World:
    """Small batteries, and no light for an hour and a half."""
    battery = replace(COMPUTE.battery, capacity_j=0.02 * COMPUTE.battery.capacity_j)
    world = build_world(replace(with_group(SCENARIO, "compute", battery=battery)))
    lit = (world.outlook.t_s < 3600.0) | (world.outlook.t_s >= 9000.0)
    return replace(world, outlook=replace(world.outlook, array_w=world.outlook.array_w * lit))


def _world(name: str, *overrides: str) -> World:
    return build_world(load_scenario(name, overrides=overrides))


def _under(name: str, world: World, architectures: tuple[str, ...]) -> Iterator[Case]:
    for one in architectures:
        yield Case(f"{name}: {one}", world, world.scenario.architecture(one))


def _composed(loaded: World) -> Iterator[Case]:
    for name, composed in COMPOSED.items():
        own = Architecture.of("composed", *composed)
        for scheduler in ("edf", "lookahead", "price"):
            scenario = replace(loaded.scenario, scheduler=scheduler, own_architectures=(own,))
            yield Case(f"{name}, {scheduler}", replace(loaded, scenario=scenario), own)


def _timed(world: World, action: str, condition: str) -> World:
    text = (
        f'@id("timed") @reason("so") forbid (principal, action == Action::"{action}", resource) '
        f"when {{ {condition} }};"
    )
    governance = replace(world.scenario.governance, policies=(PolicyFile("law/t.cedar", text),))
    return replace(world, scenario=replace(world.scenario, governance=governance))


def digests(case: Case) -> dict[str, str]:
    """Fly a mission, and digest what it leaves by table."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        simulate(case.world, case.architecture, folder)
        return digests_in(folder)


def digests_in(folder: Path) -> dict[str, str]:
    """Digest what a run left by table."""
    return {name: _digest(_text(folder, name)) for name in TABLES}


def _text(folder: Path, name: str) -> str:
    """Write a table out; it may be missing where nothing was of its kind."""
    files = [folder / f"{name}.parquet", *sorted((folder / name).glob("*.parquet"))]
    there = [pl.read_parquet(file) for file in files if file.is_file()]
    if not there:
        return ""
    table = pl.concat(there)
    return table.drop(NUMBERS & set(table.columns)).write_csv()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def main() -> None:
    """Fly all, and write what they leave."""
    found = {}
    for case in cases():
        found[case.name] = digests(case)
        sys.stdout.write(f"{case.name}\n")
    write(AGREED, found)


def write(place: Path, found: dict[str, dict[str, str]]) -> None:
    """Write digests, a line each."""
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(found[name])}" for name in found)
    place.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

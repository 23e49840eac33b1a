"""Walk the schema of scenarios: change one key after another and look for what it changes."""

from __future__ import annotations

import dataclasses
import functools
import json
import resource
import tempfile
import typing
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import BaseModel

from mutants import in_time
from perigrid.base.architecture import BUILT_IN, Architecture
from perigrid.base.errors import InputError
from perigrid.control.policy.build import policy_texts
from perigrid.control.policy.request import (
    ADMIT,
    DOWNLINK,
    LOAD_MODEL,
    MOVE,
    PROCESS,
    TASK,
)
from perigrid.control.policy.whatif import ask
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import Fleet
from perigrid.ledger.source import open_source
from perigrid.ledger.table_file import read_table
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.model import Scenario
from perigrid.scenario.numbers import item_label
from perigrid.scenario.overrides import apply_overrides
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.schema.fields import Section
from perigrid.scenario.tree import read_tree
from perigrid.scenario.validate import validate
from perigrid.sim.commands import compare
from perigrid.sim.contact_list import list_contacts
from perigrid.sim.plan import plan
from perigrid.sim.run import simulate
from perigrid.sim.world import World, build_world

DESCRIPTIVE = frozenset(
    {
        "perigrid",
        "name",
        "title",
        "summary",
        "source",
        "date",
        "confidence",
        "norad_id",
    }
)
"""Keys that only describe. No other key may be without effect."""

_OF_SCENES = (PROCESS, DOWNLINK, MOVE, TASK)
REFUSED, NAMED, PERMITS = "refused", "named", "permits"
PERMISSIONS = {("ScenarioFile", "stale"), ("GrantSpec", "may_regrant")}
"""Keys whose effect is that something else is not refused."""
_MOST_TRIED = 4  # values of a key
_PATIENCE_S = 20
_MOST_MEMORY_BYTES = 5 << 30
APART = ("HandlingSpec", "ApprovalSpec", "ApproverSpec")
"""Sections that only missions about them can show."""
_MEMBERS: dict[str, list[Any]] = {
    "nodes": ["fleet-0001"], "countries": ["EC"], "territories": ["FR"], "barred": ["other"],
    "actions": ["compute"], "products": ["raw"], "roles": ["safety"], "order_roles": ["safety"],
    "purposes": ["other"], "authorising_state": ["none"], "satellites": ["fleet-0002"],
    "architectures": [["onboard"]], "data_export_classes": ["other"],
    "weights_export_classes": ["other"], "jurisdiction": ["open"],
}  # fmt: skip
"""What else may stand in a list, or in a place that is empty."""

REFUSED_SECTIONS = {
    ("HorizonPoint", field, "gateway") for field in ("azimuth_deg", "elevation_deg")
}
"""Keys of sections that a role refuses whole."""

KEPT = ("jobs", "actions", "contacts", "telemetry")
"""Tables of a run folder; its record covers the scenario's digest, which any key changes."""

Outcome = Callable[[Scenario], str]


@dataclasses.dataclass(frozen=True)
class Mission:
    """A scenario to change, and what to look at, the cheapest first."""

    name: str
    text: str
    outcomes: tuple[Outcome, ...]
    overrides: tuple[str, ...] = ()
    folder: Path | None = None
    about: tuple[str, ...] = ()  # sections whose keys are changed here; all but APART if empty
    values: dict[str, list[Any]] = dataclasses.field(default_factory=dict)
    """Values to give to keys of these names, where not every other value would be legal."""
    along: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """What has to change with a key for it to be legal: a name where it is used."""

    def scenario(self, *changes: str) -> Scenario:
        """Parse it with some keys changed."""
        changed = (*self.overrides, *changes)
        return parse_scenario(self.text, "walk", folder=self.folder, overrides=changed)

    def spec(self) -> ScenarioFile:
        """Its schema, defaults filled in."""
        tree = read_tree(self.text, "walk")
        apply_overrides(tree, self.overrides)
        return validate(tree)

    @functools.cached_property
    def keys(self) -> tuple[Key, ...]:
        """Its keys."""
        return tuple(keys(self.spec()))

    @functools.cached_property
    def seen(self) -> dict[Outcome, str]:
        """What it does unchanged, as far as it was looked at."""
        return {}

    def before(self, outcome: Outcome) -> str:
        """What it does unchanged."""
        if outcome not in self.seen:
            self.seen[outcome] = outcome(self.scenario())
        return self.seen[outcome]


# Outcomes ------------------------------------------------------------------------------------


def planned(scenario: Scenario) -> str:
    """What `plan` says."""
    document = plan(scenario)
    return _text({key: document[key] for key in document.keys() - {"title"}})


def contacts(scenario: Scenario) -> str:
    """What `contacts` lists."""
    return _text(list_contacts(scenario).windows())


def run(name: str) -> Outcome:
    """What `run` does in an architecture: every job, action and window, and the summary."""
    return _RUNS[name]


def _run(architecture: Architecture, scenario: Scenario) -> str:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        summary = simulate(_world(scenario), architecture, folder).summary
        kept = open_source(folder)
        tables = [read_table(kept, name).write_json() for name in KEPT]
        tables += _lent(folder)
    return _text([{key: summary[key] for key in summary.keys() - {"ledger_head"}}, tables])


def _lent(folder: Path) -> list[str]:
    """Papers between operators, as their receipts hold them."""
    logs = sorted((folder / "receipts").glob("*.jsonl"))
    lines = (json.loads(line) for log in logs for line in log.read_text("utf-8").splitlines())
    return [line["document"]["id"] for line in lines if line["kind"] == "grant"]


def _named(architecture: Architecture) -> Outcome:
    def outcome(scenario: Scenario) -> str:
        return _run(architecture, scenario)

    outcome.__name__ = f"run {architecture.name}"
    return outcome


_RUNS = {one.name: _named(one) for one in BUILT_IN.values()}


@functools.lru_cache(maxsize=2)
def _world(scenario: Scenario) -> World:
    return build_world(scenario)


def compared(scenario: Scenario) -> str:
    """What the architectures that the scenario names do."""
    every = [scenario.architecture(name) for name in scenario.architectures]
    return _text([[one.name, _run(one, scenario)] for one in every])


def asked(scenario: Scenario) -> str:
    """What `policy ask` answers to questions of every kind, and `policy show` prints."""
    fleet = build_fleet(scenario)
    answers = [
        ask(scenario, fleet, action, node, facts)
        for action in (PROCESS, DOWNLINK, MOVE, TASK, LOAD_MODEL, ADMIT)
        for node in _one_of_each(fleet)
        for facts in (
            {},
            *({"level": "derived"}, {"territory": "SE"}, {"territory": "CN"})
            * (action in _OF_SCENES),
        )
    ]
    return _text([answers, [text.text for text in policy_texts(scenario)]])


def _one_of_each(fleet: Fleet) -> list[str]:
    """Names of the nodes that differ in kind, operator or state."""
    names: dict[tuple[int, str, str], str] = {}
    for row, kind in enumerate(fleet.kind.tolist()):
        names.setdefault((kind, fleet.operators[row], fleet.countries[row]), fleet.names[row])
    return list(names.values())


def flown(scenario: Scenario) -> str:
    """What `compare` says of compute jobs."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "flight"
        chosen = [scenario.architecture(name) for name in scenario.architectures]
        summary = compare(scenario, chosen, folder, keep=False)
        tables = [pl.read_parquet(one).write_json() for one in sorted(folder.rglob("*.parquet"))]
    return _text([summary, tables])


def _text(document: object) -> str:
    return json.dumps(document, sort_keys=True, default=str)


# Keys ----------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Key:
    """A key of a mission with a value."""

    path: str  # as --set takes it
    section: type[BaseModel]
    field: str
    role: str  # of the group or network it belongs to
    value: Any

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands in the schema."""
        return self.section.__name__, self.field, self.role


def keys(section: Section, path: str = "", role: str = "") -> Iterator[Key]:
    """Every key below a section that has no keys of its own."""
    role = getattr(section, "role", role) if _has_roles(type(section)) else role
    for field in type(section).model_fields:
        value, here = getattr(section, field), f"{path}.{field}" if path else field
        if field in DESCRIPTIVE:
            continue
        if isinstance(value, Section):
            yield from keys(value, here, role)
        elif isinstance(value, list) and value and isinstance(value[0], Section):
            for index, item in enumerate(value):
                yield from keys(item, f"{here}.{item_label(item, index)}", role)
        elif _section_in(type(section).model_fields[field].annotation) is None:
            yield Key(here, type(section), field, role, value)


def schema_places(
    section: type[BaseModel] = ScenarioFile, role: str = ""
) -> set[tuple[str, str, str]]:
    """Where keys without keys of their own stand in the schema, by the roles there are."""
    found: set[tuple[str, str, str]] = set()
    roles = _choices(section.model_fields["role"].annotation) if _has_roles(section) else [role]
    for field, info in section.model_fields.items():
        below = _section_in(info.annotation)
        for one in roles:
            if below is not None:
                found |= schema_places(below, one)
            elif field not in DESCRIPTIVE:
                found.add((section.__name__, field, one))
    return found


def _has_roles(section: type[BaseModel]) -> bool:
    role = section.model_fields.get("role")
    return role is not None and bool(_choices(role.annotation))


def _section_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_section_in(part) for part in typing.get_args(annotation))
    return next((one for one in found if one is not None), None)


def _choices(annotation: object) -> list[Any]:
    if typing.get_origin(annotation) is typing.Literal:
        return list(typing.get_args(annotation))
    return [one for part in typing.get_args(annotation) for one in _choices(part)]


# Changes -------------------------------------------------------------------------------------


def others(key: Key) -> Iterator[Any]:
    """Other values that the schema allows a key, the likeliest to matter first."""
    info = key.section.model_fields[key.field]
    value, choices = key.value, _choices(info.annotation)
    if choices and not isinstance(value, list):
        yield from (one for one in choices if one != value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from _numbers(value, info.metadata)
    elif isinstance(value, str):
        yield from _texts(value)
    elif isinstance(value, list):
        yield from _lists(value, choices or _MEMBERS.get(key.field, []))
    elif key.field in _MEMBERS:
        yield from _MEMBERS[key.field]


def _numbers(value: float, metadata: list[Any]) -> Iterator[float]:
    limits = {name: getattr(one, name) for one in metadata for name in ("ge", "gt", "le", "lt")
              if hasattr(one, name)}  # fmt: skip
    low, high = (
        limits.get("ge", limits.get("gt", -1e300)),
        limits.get("le", limits.get("lt", 1e300)),
    )
    if isinstance(value, int):
        tried = [value + 1, value + 25, round(value * 0.02), round(value * 0.5), value - 1]
    else:
        far = (
            min(value * 1e5, low + (high - low) * 0.995)
            if value > 0
            else low + (high - low) * 0.995
        )
        tried = [value * 1.25, value * 0.02, value * 1e-5, far, low + (high - low) * 0.66]
    for one in dict.fromkeys(tried):
        inside = low <= one <= high and one not in (limits.get("gt"), limits.get("lt"))
        if inside and one != value:
            yield one


def _texts(value: str) -> Iterator[str]:
    if len(value) == 2 and value.isupper():
        yield from ("US", "CN", "FR")
    elif value[:4].isdecimal() and value.endswith("Z"):
        hour = (int(value[11:13]) + 1) % 24
        yield f"{value[:11]}{hour:02d}{value[13:]}"
    else:
        yield value + "x"


def _lists(value: list[Any], choices: list[Any]) -> Iterator[list[Any]]:
    if value:
        yield value[1:]
    yield from ([one] for one in choices if [one] != value)


@dataclasses.dataclass(frozen=True)
class Seen:
    """What became of a key that was changed."""

    place: tuple[str, str, str]
    mission: str
    path: str  # of the key
    changes: tuple[str, ...]  # as --set takes them
    by: str  # name of an outcome, or one of the words above; empty for nothing


def what_becomes(mission: Mission, key: Key) -> Seen:
    """Change a key of a mission until something comes of it."""
    words = []
    for changes in every_change(mission, key):
        words.append(becomes(mission, key, changes))
        if words[-1] not in ("", REFUSED):
            return Seen(key.place, mission.name, key.path, changes, words[-1])
    refused = bool(words) and all(words)
    return Seen(key.place, mission.name, key.path, (), REFUSED if refused else "")


def every_change(mission: Mission, key: Key) -> Iterator[tuple[str, ...]]:
    """The changes that are tried of a key: the mission's own values, or others of its kind."""
    along = mission.along.get(key.path, ())
    values = mission.values.get(key.field) or islice(others(key), _MOST_TRIED)
    for value in values:
        if value != key.value:
            yield (f"{key.path}={json.dumps(value)}", *along)


def becomes(mission: Mission, key: Key, changes: tuple[str, ...], wanted: str = "") -> str:
    """What comes of one change, in one outcome or any; nothing if it is too large to be tried."""
    outcomes = [one for one in mission.outcomes if wanted in ("", one.__name__)]
    try:
        with in_time(_PATIENCE_S):
            return _becomes(mission, key, changes, outcomes)
    except (TimeoutError, MemoryError):
        return ""


def _becomes(mission: Mission, key: Key, changes: tuple[str, ...], outcomes: list[Outcome]) -> str:
    try:
        scenario = mission.scenario(*changes)
    except InputError as error:
        if (key.section.__name__, key.field) in PERMISSIONS:
            return PERMITS
        return REFUSED if _names(error, key.path) else ""
    warnings = scenario.warnings + scenario.flight_warnings * (flown in mission.outcomes)
    if any("no effect" in line and key.path in line for line in warnings):
        return NAMED
    shown = (one.__name__ for one in outcomes if differs(mission, one, scenario))
    return next(shown, "")


def _names(error: InputError, path: str) -> bool:
    """Whether a refusal is of the key itself; a relation is told at any one of its keys."""
    return any(one.key.rpartition(".")[2] == path.rpartition(".")[2] for one in error.problems)


def differs(mission: Mission, outcome: Outcome, scenario: Scenario) -> bool:
    """Whether a change shows in an outcome; that it cannot be worked out any more shows nothing."""
    before = mission.before(outcome)
    try:
        return outcome(scenario) != before
    except InputError:
        return False


def holds(mission: Mission, seen: Seen) -> bool:
    """Whether the same comes of a change again: an effect is looked for where it was seen."""
    key = next(one for one in mission.keys if one.path == seen.path)
    if seen.by == REFUSED:
        return what_becomes(mission, key).by == REFUSED
    return becomes(mission, key, seen.changes, seen.by) == seen.by


def walk(missions: dict[str, Mission]) -> Iterator[Seen]:
    """Look for what every key does; what is seen later of a key counts."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, resource.RLIM_INFINITY))
    found: dict[tuple[str, str, str], Seen] = {}
    for mission in missions.values():
        for key in mission.keys:
            section, before = key.section.__name__, found.get(key.place)
            wanted = section in mission.about if mission.about else section not in APART
            if not wanted or (before is not None and before.by not in ("", REFUSED)):
                continue
            seen = what_becomes(mission, key)
            # what was accepted and showed nothing is not excused by a refusal elsewhere
            if before is None or seen.by not in ("", REFUSED) or before.by > seen.by:
                found[key.place] = seen
                yield seen

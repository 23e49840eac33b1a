"""What a scenario refers to instead of writing out: element sets, requests, Earth orientation."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from perigrid.base.earth_orientation import EarthOrientation
from perigrid.base.errors import (
    ElementSetError,
    GeometryError,
    InputError,
    Problem,
    ScenarioError,
)
from perigrid.base.provenance import Provenance
from perigrid.base.time import Epoch
from perigrid.base.units import M_PER_KM, S_PER_HOUR
from perigrid.scenario.areas import RequestArea, TooManyScenesError, scene_centres
from perigrid.scenario.earth_orientation import days_of_run, parse_finals
from perigrid.scenario.elements import parse_element_sets
from perigrid.scenario.files import MAX_DATA_BYTES, read_text
from perigrid.scenario.geojson import MAX_REQUESTS, RequestPoint, parse_requests
from perigrid.scenario.model import ElementSets, PolicyFile
from perigrid.scenario.node_names import told_apart
from perigrid.scenario.numbers import item_label, section_origin
from perigrid.scenario.policy_files import read_policy_folder
from perigrid.scenario.problems import SourceText
from perigrid.scenario.raw_elements import LIMITS, Raw, check_unique
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.schema.earth import EarthOrientationFile
from perigrid.scenario.schema.fields import Origin, number_info
from perigrid.scenario.schema.orbits import ElementRow, ElementSetList
from perigrid.scenario.schema.work import Request, RequestList
from perigrid.scenario.tle import parse_tle
from perigrid.scenario.tree import Loc, Node

T = TypeVar("T")
_NUMBERS = tuple(name for name, *_ in LIMITS)


@dataclass(slots=True)
class Externals:
    """Element sets by group, requests and Earth orientation, with the origin of their numbers."""

    element_sets: dict[str, ElementSets] = field(default_factory=dict)
    requests: tuple[RequestPoint, ...] = ()
    earth_orientation: EarthOrientation | None = None
    policies: tuple[PolicyFile, ...] = ()
    provenance: list[Provenance] = field(default_factory=list)


def read_externals(
    spec: ScenarioFile, tree: Node, text: str, folder: Path | None, fallback: Origin
) -> Externals:
    """Read everything a scenario refers to.

    Parameters
    ----------
    spec : ScenarioFile
        Valid, and its relations checked.
    tree : Node
        For the places.
    text : str
        The scenario's own text, for the places inside blocks.
    folder : Path or None
        Where relative paths start; None for a library scenario.
    fallback : Origin
        Of numbers without a source.

    Returns
    -------
    Externals
        Parsed.

    Raises
    ------
    InputError
        The class of the first problem, with all problems of all files.
    """
    reader = _Reader(tree, text, folder, fallback)
    for index, group in enumerate(spec.groups):
        if group.orbit.element_sets is not None:
            reader.attempt(partial(reader.group, group.name, group.orbit.element_sets, index))
    if spec.demand.requests is not None:
        flown = [group for group in spec.groups if group.role == "compute"]
        # Scenes of an area are as wide as the narrowest imager sees, so that each covers its own.
        swaths_km = [group.sensor.swath_km for group in flown if group.sensor]
        side_m = min(swaths_km, default=0.0) * M_PER_KM
        reader.attempt(partial(reader.read_requests, spec.demand.requests, side_m))
    if spec.earth_orientation is not None:
        reader.attempt(partial(reader.read_earth_orientation, spec, spec.earth_orientation))
    if spec.policies is not None:
        reader.attempt(partial(reader.read_policies, spec.policies))
    if reader.problems:
        raise reader.failure(reader.problems)
    return reader.result


class _Reader:
    """Reads one thing after another, keeping every problem."""

    def __init__(self, tree: Node, text: str, folder: Path | None, fallback: Origin) -> None:
        self.tree, self.text, self.folder, self.fallback = tree, text, folder, fallback
        self.result = Externals()
        self.problems: list[Problem] = []
        self.failure: type[InputError] = ElementSetError

    def attempt(self, task: Callable[[], None]) -> None:
        try:
            task()
        except InputError as failure:
            if not self.problems:
                self.failure = type(failure)
            self.problems += failure.problems

    def group(self, name: str, sets: ElementSetList, index: int) -> None:
        loc: Loc = ("groups", index, "orbit", "element_sets")
        raws = self.raws(sets, loc)
        stated = section_origin(sets)
        origin = stated or self.fallback
        self.result.element_sets[name] = ElementSets(
            tuple(raw.to_si() for raw in raws), origin.source
        )
        if sets.elements is None:
            key = f"groups.{name}.orbit.element_sets.elements"
            self.result.provenance += _element_provenance(raws, key, origin)

    def raws(self, sets: ElementSetList, loc: Loc) -> tuple[Raw, ...]:
        if sets.elements is not None:
            return self.rows(sets.elements, loc)
        if sets.tle is not None:
            return told_apart(self.block(sets.tle, (*loc, "tle")))
        named = self.file(sets.file or "", (*loc, "file"), ElementSetError, parse_element_sets)
        return told_apart(named)

    def rows(self, rows: list[ElementRow], loc: Loc) -> tuple[Raw, ...]:
        raws = [
            Raw(row.name, row.norad_id, Epoch.from_iso(row.epoch), *(
                getattr(row, name) for name in _NUMBERS))
            for row in rows
        ]  # fmt: skip
        places = [self.tree.place_of((*loc, "elements", i)) for i in range(len(raws))]
        problems = check_unique(list(zip(raws, places, strict=True)))
        if problems:
            raise ElementSetError(problems)
        return tuple(raws)

    def block(self, text: str, loc: Loc) -> tuple[Raw, ...]:
        """Read a TLE block; a literal block starts on the line after its ``|``."""
        place = self.tree.place_of(loc)
        lines = self.text.split("\n")
        below = lines[place.line] if place.line and place.line < len(lines) else ""
        first = text.split("\n", maxsplit=1)[0]
        if first and below.strip() == first.strip():
            indent = len(below) - len(below.lstrip()) - (len(first) - len(first.lstrip()))
            where = SourceText.of(place.path, self.text)
            return parse_tle(
                text, place.path, where=where, first_line=place.line + 1, indent=max(0, indent)
            )
        return parse_tle(textwrap.dedent(text), f"{place.path} (tle)")

    def file(
        self, name: str, loc: Loc, error: type[InputError], parse: Callable[[str, str], T]
    ) -> T:
        """Read a file named in the scenario; a missing one is a problem of the key."""
        place = self.tree.place_of(loc)
        if self.folder is None:
            raise error([place.problem("a library scenario has no files", "write it inline")])
        try:
            content = read_text(self.folder / name, name, MAX_DATA_BYTES, error)
        except InputError as failure:
            first = failure.problems[0]
            if first.line:
                raise
            key = ".".join(str(step) for step in loc)
            raise error([place.problem(f"{name}: {first.message}", first.remedy, key)]) from failure
        return parse(content, name)

    def read_requests(self, requests: RequestList, side_m: float) -> None:
        if requests.points is not None:
            self.result.requests = tuple(
                RequestPoint(p.name, p.latitude_deg, p.longitude_deg) for p in requests.points
            )
            return
        loc: Loc = ("demand", "requests", "file")
        places = self.file(requests.file or "", loc, GeometryError, parse_requests)
        origin = section_origin(requests) or self.fallback
        points: list[RequestPoint] = []
        for index, place in enumerate(places):
            room = MAX_REQUESTS - len(points)
            scenes = self.scenes(place, f"features.{index}", side_m, room, loc)
            points += scenes
            label = item_label(place, index)
            self.result.provenance += _request_provenance(place, label, len(scenes), origin)
        self.result.requests = tuple(points)

    def scenes(
        self, place: RequestPoint | RequestArea, where: str, side_m: float, room: int, loc: Loc
    ) -> tuple[RequestPoint, ...]:
        """Cut an area into scenes; each keeps the name of its area."""
        if isinstance(place, RequestPoint):
            return (place,)
        try:
            centres = scene_centres(place, side_m, room)
        except TooManyScenesError as failure:
            message = f"the area '{place.name}' ({where}) takes {failure}"
            remedy = f"give a smaller area or a wider swath_km; at most {MAX_REQUESTS} scenes"
            problem = self.tree.place_of(loc).problem(message, remedy, ".".join(map(str, loc)))
            raise GeometryError([problem]) from failure
        several = len(centres) > 1
        return tuple(
            RequestPoint(f"{place.name} {n}" if several else place.name, y, x)
            for n, (x, y) in enumerate(centres, start=1)
        )

    def read_policies(self, name: str) -> None:
        place = self.tree.place_of(("policies",))
        self.result.policies = read_policy_folder(self.folder, name, place)

    def read_earth_orientation(self, spec: ScenarioFile, earth: EarthOrientationFile) -> None:
        loc: Loc = ("earth_orientation", "file")
        table = self.file(earth.file, loc, ScenarioError, parse_finals)
        duration_s = spec.hours * S_PER_HOUR
        cut = days_of_run(table, Epoch.from_iso(spec.start), duration_s, self.tree.place_of(loc))
        self.result.earth_orientation = cut
        origin = section_origin(earth) or Origin("IERS finals2000A", "", "measured")
        key = "earth_orientation.ut1_minus_utc_s"
        value = cut.ut1_minus_utc_s[0]
        self.result.provenance.append(_provenance(key, value, "s", origin))


def _element_provenance(raws: tuple[Raw, ...], key: str, origin: Origin) -> list[Provenance]:
    return [
        _provenance(f"{key}.{item_label(raw, index)}.{name}", getattr(raw, name),
                    _unit(ElementRow, name), origin)
        for index, raw in enumerate(raws)
        for name in _NUMBERS
    ]  # fmt: skip


def _request_provenance(
    place: RequestPoint | RequestArea, label: str, scenes: int, origin: Origin
) -> list[Provenance]:
    """Give a place two rows and an area one, however many corners and scenes it has."""
    if isinstance(place, RequestArea):
        return [_provenance(f"demand.requests.areas.{label}.scenes", float(scenes), "1", origin)]
    return [
        _provenance(f"demand.requests.points.{label}.{name}", getattr(place, name),
                    _unit(Request, name), origin)
        for name in ("latitude_deg", "longitude_deg")
    ]  # fmt: skip


def _unit(section: type[ElementRow | Request], name: str) -> str:
    info = number_info(section.model_fields[name])
    return info.unit if info else "1"


def _provenance(key: str, value: float, unit: str, origin: Origin) -> Provenance:
    return Provenance(key, value, unit, origin.source, origin.date, origin.confidence)

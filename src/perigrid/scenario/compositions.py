"""What a composition of places and links amounts to, and those that a scenario makes itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from perigrid.base.architecture import (
    ANY,
    BUILT_IN,
    IN_ORBIT,
    TO_GROUND,
    Architecture,
    ComputePlace,
    Link,
)
from perigrid.base.jobs import Product
from perigrid.scenario.convert_jobs import staged
from perigrid.scenario.findings import Finding
from perigrid.scenario.problems import did_you_mean, listed
from perigrid.scenario.tree import Loc

if TYPE_CHECKING:
    from perigrid.scenario.schema import ScenarioFile
    from perigrid.scenario.schema.architectures import ArchitectureSpec

PRODUCTS: Final = tuple(str(product) for product in Product)

RESERVED: Final = frozenset(
    {"actions", "compare", "events", "fly", "jobs", "ledger", "legs", "old", "others", "receipts",
     "run", "telemetry", "without-rules", "work"}
)  # fmt: skip
"""Names that run folders give to other things."""

Places = frozenset[ComputePlace]


class Staged(Protocol):
    """A pipeline as written or as converted: its stages are the tasks, in order."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the stages."""

    @property
    def delivering(self) -> frozenset[str]:
        """Names of those that deliver."""

    @property
    def sends_pixels(self) -> bool:
        """Whether the customer wants clear pixels rather than answers."""


def own_architectures(spec: ScenarioFile) -> tuple[Architecture, ...]:
    """Build the architectures that a scenario composes itself.

    Parameters
    ----------
    spec : ScenarioFile
        Valid key by key.

    Returns
    -------
    tuple of Architecture
        Without what has no effect in them, in the order given.
    """
    return tuple(
        trimmed(_composed(one), staged(spec))
        for one in spec.architectures or ()
        if one.compute is not None and one.carry is not None
    )


def _composed(spec: ArchitectureSpec) -> Architecture:
    return Architecture.of(spec.name, spec.compute or {}, spec.carry or {})


def composition_findings(spec: ScenarioFile) -> Iterator[Finding]:
    """Find what is wrong with the architectures of a scenario, its equipment aside.

    Parameters
    ----------
    spec : ScenarioFile
        Valid key by key.

    Yields
    ------
    Finding
        At the item of the list.
    """
    items = spec.architectures or []
    own = [one.name for one in items if one.compute or one.carry]
    for index, one in enumerate(items):
        here = ("architectures", index)
        if one.name in [other.name for other in items[:index]]:
            yield Finding(here, f"{one.name} is named twice", "name it once")
        elif one.compute or one.carry:
            yield from _own_findings(spec, one, index)
        elif one.name not in BUILT_IN:
            known = [*BUILT_IN, *own]
            guess = did_you_mean(one.name, known)
            message = f"no architecture is called {one.name!r}{guess}"
            remedy = f"choose from {listed(known)}, or give its `compute` and `carry`"
            yield Finding(here, message, remedy)


def _own_findings(spec: ScenarioFile, one: ArchitectureSpec, index: int) -> Iterator[Finding]:
    here = ("architectures", index)
    taken = {name.lower() for name in (*BUILT_IN, *RESERVED)}
    if one.name.lower() in taken:
        what = "a built-in architecture" if one.name.lower() in BUILT_IN else "something else"
        yield Finding((*here, "name"), f"{one.name} is the name of {what}", "choose another name")
    found = [*_unknown(one.compute, staged(spec).names, (*here, "compute"), "task"),
             *_unknown(one.carry, PRODUCTS, (*here, "carry"), "class of product")]  # fmt: skip
    for key, table in (("compute", one.compute), ("carry", one.carry)):
        if table is None:
            found.append(Finding((*here, key), f"is required: {one.name} is no built-in name",
                                 "say where tasks run and which links carry what"))  # fmt: skip
    yield from found
    if not found:
        lack = dead_end(_composed(one), staged(spec))
        if lack:
            yield Finding(here, f"architecture {one.name} needs {lack}", "add that, or change it")


def _unknown(
    table: Mapping[str, object] | None,
    known: tuple[str, ...],
    loc: Loc,
    what: str,
) -> Iterator[Finding]:
    for key in table or ():
        if key not in (*known, ANY):
            message = f"no {what} is called {key!r}{did_you_mean(key, known)}"
            yield Finding((*loc, key), message, f"choose from {listed([*known, ANY])}")


def dead_end(architecture: Architecture, pipeline: Staged) -> str:
    """Say where a job could not go on under an architecture, whatever the equipment.

    Parameters
    ----------
    architecture : Architecture
        Any composition.
    pipeline : Pipeline or PipelineSpec
        Its stages are the tasks.

    Returns
    -------
    str
        What would have to be added; empty if every job can go all its way.
    """
    before: Places = frozenset({ComputePlace.ORIGIN})
    for task in pipeline.names:
        places = architecture.places(task)
        if not places:
            return f"a place for task {task} in `compute`"
        stuck = sorted(place for place in before if not places & _reach(architecture, place))
        if stuck:
            return f"a link in `carry` that brings raw pixels from {stuck[0]} to where {task} runs"
        mixed = ComputePlace.DATA_CENTRE in places and places & IN_ORBIT
        if task != pipeline.names[0] and mixed and not before <= places:
            first = pipeline.names[0]
            return f"{task} either in orbit or on the ground: both are weighed for {first} only"
        before = _after(architecture, pipeline, task, before)
    for product in sent_down(architecture, pipeline):
        if not architecture.links(product) & TO_GROUND:
            return f"a link in `carry` that brings {product} to the ground"
    return ""


def trimmed(architecture: Architecture, pipeline: Staged) -> Architecture:
    """Leave out of a composition what no job can come to.

    Parameters
    ----------
    architecture : Architecture
        Without dead ends.
    pipeline : Pipeline or PipelineSpec
        Its stages are the tasks.

    Returns
    -------
    Architecture
        The same to every job; it holds no laser link for a product that stays where it is.
    """
    idle = set(unused(architecture, pipeline))
    compute = {
        task: [place for place in places if ("compute", task, place) not in idle]
        for task, places in architecture.compute
    }
    carry = {
        product: links
        for product, links in architecture.carry
        if ("carry", product, "") not in idle
    }
    return Architecture.of(architecture.name, compute, carry, architecture.summary)


def unused(architecture: Architecture, pipeline: Staged) -> Iterator[tuple[str, str, str]]:
    """List what no job can come to: rows of named tasks and products.

    Parameters
    ----------
    architecture : Architecture
        Any composition.
    pipeline : Pipeline or PipelineSpec
        Its stages are the tasks.

    Yields
    ------
    tuple of str
        ``compute``, task and place; or ``carry``, class of product and nothing.
    """
    before: Places = frozenset({ComputePlace.ORIGIN})
    moved = set(sent_down(architecture, pipeline))
    for task in pipeline.names:
        if any(_goes(architecture, pipeline, task, place) - {place} for place in before):
            moved.add(str(Product.RAW))
        after = _after(architecture, pipeline, task, before)
        for named, places in architecture.compute:
            if named == task:
                yield from (("compute", task, p) for p in places if ComputePlace(p) not in after)
        before = after
    for product, _ in architecture.carry:
        if product != ANY and product not in moved:
            yield "carry", product, ""


def sent_down(architecture: Architecture, pipeline: Staged) -> list[str]:
    """List the classes of product that have to get to the ground.

    Parameters
    ----------
    architecture : Architecture
        Any composition.
    pipeline : Pipeline or PipelineSpec
        Its stages are the tasks.

    Returns
    -------
    list of str
        Raw pixels first.
    """
    places = {task: architecture.places(task) for task in pipeline.names}
    found = []
    if pipeline.sends_pixels or any(ComputePlace.DATA_CENTRE in one for one in places.values()):
        found.append(str(Product.RAW))
    if not pipeline.sends_pixels and any(places[one] & IN_ORBIT for one in pipeline.delivering):
        found.append(str(Product.ANSWER))
    return found


def _after(architecture: Architecture, pipeline: Staged, task: str, before: Places) -> Places:
    """Where pixels may be after a task; any but the first may have been passed over."""
    passed: Places = frozenset() if task == pipeline.names[0] else before
    return passed.union(*(_goes(architecture, pipeline, task, place) for place in before))


def _goes(architecture: Architecture, pipeline: Staged, task: str, place: ComputePlace) -> Places:
    """Where pixels at a place go for a task: they stay if they may; the first task is free."""
    places = architecture.places(task)
    if task != pipeline.names[0] and place in places:
        return frozenset({place})
    return places & _reach(architecture, place)


def _reach(architecture: Architecture, place: ComputePlace) -> Places:
    """Kinds of place to which pixels can get from one."""
    if place is ComputePlace.DATA_CENTRE:
        return frozenset({place})
    links = architecture.links(Product.RAW)
    found: set[ComputePlace] = {place}
    if Link.CROSSLINK in links:
        found |= IN_ORBIT
    if links & TO_GROUND:
        found.add(ComputePlace.DATA_CENTRE)
    return frozenset(found)

"""Custody: what is known of every observation, who held it, and what its answer was made by.

Kept from recorded events and from actions the gate allowed, so that nobody can talk a product into
being something else: an answer counts as derived only if the gate had allowed the computation, on a
node of the fleet and by a model the mission knows, and the record says that it ended there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import numpy as np

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import (
    Action,
    Captured,
    CaptureRefused,
    Close,
    Compute,
    Computed,
    Event,
    Move,
)
from perigrid.base.states import regions_of
from perigrid.control.policy.engine import PolicySet
from perigrid.control.policy.places import Places
from perigrid.control.policy.request import DERIVED, RAW, Scene, whole_cm
from perigrid.scenario.model import ClosedArea, Handling, Rule
from perigrid.workload.territory import Floats, shared_territories, touches_box

MOST_VIEWS: Final = 100_000
"""Scenes with their holders that are remembered; beyond it they are put together anew."""

Territories = Callable[[Floats, Floats, Floats], tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a product came to be: which stage, on which node, by which model."""

    job_id: int
    stage: str
    node: int
    model_digest: str
    t_s: float


@dataclass(slots=True)
class _Item:
    """What is known of one observation."""

    scene: Scene
    held: set[int] = field(default_factory=set)
    ordered: set[tuple[str, int]] = field(default_factory=set)
    derived: dict[str, Derivation] = field(default_factory=dict)
    untraced: set[str] = field(default_factory=set)  # stages that ended where none was allowed


class Custody:
    """Facts of observations by job.

    Parameters
    ----------
    places : Places
        The nodes.
    handling : Handling
        What the scenario says of observations and models.
    gsd_m : sequence of float
        Ground sample distance of the pixels that come from each node, by fleet row [m].
    models : dict
        Digest of the model of each stage.
    delivering : frozenset of str
        Stages whose results make up the answer.
    rules : sequence of Rule
        For the areas they close.
    locate : callable
        Latitudes, longitudes [rad] and half sides [m] of scenes in, states touched out; None where
        no policy asks for territory.
    """

    def __init__(
        self,
        places: Places,
        handling: Handling,
        gsd_m: Sequence[float],
        models: dict[str, str],
        delivering: frozenset[str],
        rules: Sequence[Rule] = (),
        locate: Territories | None = shared_territories,
    ) -> None:
        self._places = places
        self._handling = handling
        self._gsd_cm = [whole_cm(one) for one in gsd_m]
        self._models = models
        self._delivering = delivering
        self._areas = {rule.id: rule.area for rule in rules if rule.area is not None}
        self.locate = locate
        self._items: dict[int, _Item] = {}
        self._views: dict[tuple[Scene, str, frozenset[int]], Scene] = {}
        self.policies: PolicySet | None = None

    def learn(self, events: Sequence[Event]) -> None:
        """Take recorded events in.

        Parameters
        ----------
        events : sequence of Event
            In order.
        """
        jobs = [one.job for one in events if isinstance(one, Captured | CaptureRefused)]
        for job, scene in zip(jobs, self._scenes(jobs), strict=True):
            self._items[job.job_id] = _Item(self._normal(scene), {job.origin})
        for event in events:
            if isinstance(event, Computed):
                self._computed(event)

    def note(self, action: Action) -> None:
        """Take an action in that the gate allowed.

        Parameters
        ----------
        action : Action
            Whoever a move passes counts as a holder from now on.
        """
        item = self._items.get(getattr(action, "job_id", -1))
        if item is None:
            return
        if isinstance(action, Compute):
            item.ordered.add((action.stage, action.node))
            item.held.add(action.node)
        elif isinstance(action, Move):
            item.held |= self._places.stops(action)
        elif isinstance(action, Close):
            del self._items[action.job_id]  # nothing more can be asked about it

    def derivation(self, job_id: int) -> Derivation | None:
        """Say how the answer of a job came to be.

        Parameters
        ----------
        job_id : int
            Which.

        Returns
        -------
        Derivation or None
            The last of the stages that deliver; None if the record shows no allowed computation
            of it, or of a part of it.
        """
        item = self._items.get(job_id)
        if item is None or item.untraced:
            return None
        made = [one for name, one in item.derived.items() if name in self._delivering]
        return made[-1] if made else None

    def level(self, job_id: int, product: Product) -> str:
        """Raw or derived, by provenance.

        Parameters
        ----------
        job_id : int
            Which.
        product : Product
            What the action calls it.

        Returns
        -------
        str
            ``derived`` only for an answer with a :meth:`derivation`.
        """
        made = product is Product.ANSWER and self.derivation(job_id) is not None
        return DERIVED if made else RAW

    def scene(self, job_id: int, level: str, held: frozenset[int] = frozenset()) -> Scene | None:
        """Gather what is known of an observation.

        Parameters
        ----------
        job_id : int
            Which.
        level : str
            ``raw`` or ``derived``.
        held : frozenset of int
            Fleet rows that will hold it besides those that have.

        Returns
        -------
        Scene or None
            None if no shutter of this job was recorded.
        """
        item = self._items.get(job_id)
        if item is None:
            return None
        rows = held.union(item.held)
        key = (item.scene, level, rows)
        view = self._views.get(key)
        if view is None:
            if len(self._views) >= MOST_VIEWS:
                self._views.clear()
            view = self._views[key] = self._normal(self._view(item.scene, level, rows))
        return view

    def _normal(self, scene: Scene) -> Scene:
        """Blank what no policy reads, so that scenes of one answer are equal."""
        return scene if self.policies is None else self.policies.normal_scene(scene)

    def _view(self, scene: Scene, level: str, rows: frozenset[int]) -> Scene:
        """Put together a scene as it stands with its holders."""
        operators = tuple(sorted({self._places.places[row].operator for row in rows}))
        barred = {name for row in rows for name in self._places.places[row].barred}
        return replace(scene, level=level, held_by=operators, held_barred=tuple(sorted(barred)))

    def _computed(self, event: Computed) -> None:
        item = self._items.get(event.job_id)
        model = self._models.get(event.stage)
        if item is None:
            return
        if model is None or (event.stage, event.node) not in item.ordered:
            if event.stage in self._delivering and event.stage not in item.derived:
                item.untraced.add(event.stage)
            return
        item.untraced.discard(event.stage)
        item.derived[event.stage] = Derivation(
            event.job_id, event.stage, event.node, model, event.t_s
        )

    def alike(self, jobs: Sequence[Job]) -> list[int]:
        """Find jobs of whose scenes policies know the same as they are taken.

        Parameters
        ----------
        jobs : sequence of Job
            Nothing has to be learned of them yet.

        Returns
        -------
        list of int
            For each job, the place of the first that is like it.
        """
        known = self.policies
        firsts: dict[object, int] = {}
        return [
            firsts.setdefault((job.origin, where, since_s), place)
            for place, (job, where) in enumerate(zip(jobs, self._where(jobs), strict=True))
            for since_s in (
                int(job.t_capture_s)
                if known is None
                else known.captured_since_s(int(job.t_capture_s)),
            )
        ]

    def _scenes(self, jobs: list[Job]) -> list[Scene]:
        return [
            self._unplaced(job) if where is None else self._scene(job, *where)
            for job, where in zip(jobs, self._where(jobs), strict=True)
        ]

    def _where(self, jobs: Sequence[Job]) -> list[tuple[tuple[str, ...], tuple[str, ...]] | None]:
        """States and named areas that scenes touch; None of data from nobody knows where."""
        if not jobs:
            return []
        latitude_rad, longitude_rad, half_m = _footprints(jobs)
        known = np.isfinite(latitude_rad) & np.isfinite(longitude_rad)
        latitude_rad, longitude_rad = np.where(known, (latitude_rad, longitude_rad), 0.0)
        states: Sequence[tuple[str, ...]] = [()] * len(jobs)
        if self.locate is not None:
            states = self.locate(latitude_rad, longitude_rad, half_m)
        closed = {
            name: _touched(area, latitude_rad, longitude_rad, half_m)
            for name, area in self._areas.items()
        }
        return [
            (states[n], tuple(sorted(area for area in closed if closed[area][n])))
            if known[n]
            else None
            for n in range(len(jobs))
        ]

    def _unplaced(self, job: Job) -> Scene:
        """Of data from nobody knows where, what depends on it is missing: where it is asked for."""
        scene = self._scene(job, (), ())
        if self.locate is not None:
            scene = replace(scene, territory=None)
        return replace(scene, areas=None) if self._areas else scene

    def _scene(self, job: Job, states: tuple[str, ...], areas: tuple[str, ...]) -> Scene:
        handling = self._handling
        return Scene(
            territory=_territory(states),
            level=RAW,
            gsd_cm=self._gsd_cm[job.origin],
            people_visible=handling.people_visible,
            areas=areas,
            captured_s=int(job.t_capture_s),
            purpose=handling.purpose,
            customer=handling.customer,
            licence=handling.licence,
            export_classes=handling.data_export_classes,
            held_by=(),
            held_barred=(),
        )


def locate(jobs: Sequence[Job]) -> None:
    """Find the states that scenes touch, all at once, for every gate of this process.

    Parameters
    ----------
    jobs : sequence of Job
        What will be observed; nothing but time changes.
    """
    if jobs:
        shared_territories(*_footprints(jobs))


@lru_cache(maxsize=4096)
def _territory(states: tuple[str, ...]) -> tuple[str, ...]:
    """States and the regions they belong to, which no run changes."""
    return tuple(sorted({region for state in states for region in regions_of(state)}))


def _footprints(jobs: Sequence[Job]) -> tuple[Floats, Floats, Floats]:
    """Latitudes, longitudes [rad] and half sides [m] of square scenes."""
    return (
        np.array([job.latitude_rad for job in jobs]),
        np.array([job.longitude_rad for job in jobs]),
        np.array([0.5 * job.side_m for job in jobs]),
    )


def _touched(
    area: ClosedArea, latitude_rad: Floats, longitude_rad: Floats, half_m: Floats
) -> list[bool]:
    edges = (area.south_rad, area.west_rad, area.north_rad, area.east_rad)
    return [bool(one) for one in touches_box(latitude_rad, longitude_rad, half_m, edges)]

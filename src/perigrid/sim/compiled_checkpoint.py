"""The compiled engine in the checkpoints that all runs have, and back into its arrays."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any, Final, Protocol

import numpy as np

from perigrid.base.errors import Problem, RunFolderError
from perigrid.engine.recorder import Recorder
from perigrid.engine.room import longer
from perigrid.engine.state import Count, Filled, Log, World
from perigrid.ledger.record import RecordWriter
from perigrid.sim import checkpoint
from perigrid.sim.checkpoint import Checkpoint, Checkpoints
from perigrid.sim.deserialise import deserialise
from perigrid.sim.frozen import Catalogue, FrozenError
from perigrid.sim.layout import demand_layout
from perigrid.sim.serialise import serialise

Arrays = dict[str, np.ndarray[Any, Any]]

_WHOLE: Final = ("sent_j", "sats", "nodes", "running", "models", "jobs", "waits_s", "sent_bytes",
                 "counts", "clock", "tries")  # fmt: skip
_LOGGED: Final = {
    "events": Filled.EVENTS,
    "decisions": Filled.DECISIONS,
    "legs": Filled.LEGS,
    "others": Filled.OTHERS,
    "begun": Filled.BEGUN,
    "leaves": Filled.DECISIONS,
}
_RECORDER, _DOUBLED, _CORE, _PEOPLE = "recorder", "doubled", "core", "people"


class Decider(Protocol):
    """Who decides in a compiled flight."""

    def state(self) -> Arrays:
        """Show the arrays that change of it."""

    def make_room(self, state: Arrays) -> None:
        """Make its arrays as long as those of a state."""


class People(Protocol):
    """Who decides beside it; :class:`perigrid.sim.people_record.PeopleRecord` is one."""

    @property
    def catalogue(self) -> Catalogue:
        """Names of what their state does not hold."""

    def state(self) -> dict[str, Any]:
        """Show what a checkpoint needs: plain objects."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from such a state."""


class Kept:
    """Writes checkpoints of a flight as often as they may cost.

    Parameters
    ----------
    checkpoints : Checkpoints
        Of the flight.
    record : RecordWriter
        On the disk before a checkpoint counts on it.
    decider : Decider
        Of the run.
    recorder : Recorder
        Of the run.
    people : People
        Of the run.
    found : Checkpoint, optional
        From which it goes on.
    """

    def __init__(
        self,
        checkpoints: Checkpoints,
        record: RecordWriter,
        decider: Decider,
        recorder: Recorder,
        people: People,
        found: Checkpoint | None = None,
    ) -> None:
        self._checkpoints, self._record = checkpoints, record
        self._decider, self._recorder, self._people = decider, recorder, people
        self._t_next_s = checkpoint.INTERVAL_S + (0.0 if found is None else found.t_s)
        self._not_before_s = 0.0  # of the machine's clock

    def save(self, t_s: float, w: World) -> None:
        """Write a checkpoint if one is due.

        Parameters
        ----------
        t_s : float
            Now [s].
        w : World
            Between two steps.
        """
        began_s = time.monotonic()
        if t_s < self._t_next_s or began_s < self._not_before_s:
            return
        state: dict[str, Any] = {
            _RECORDER: self._recorder.state(),
            _DOUBLED: len(w.log.events),
            _PEOPLE: self._people.state(),
            _CORE: {name: _readable(array) for name, array in self._decider.state().items()},
            **{name: _readable(array) for name, array in _state(w).items()},
        }
        try:
            frozen = serialise(state, self._people.catalogue)
        except FrozenError as error:  # of a scheduler of somebody else
            self._checkpoints.tell_none(str(error))
            self._t_next_s = math.inf
            return
        saved = self._checkpoints.save(t_s, self._record.sync(), frozen)
        ended_s = time.monotonic()
        self._t_next_s = t_s + checkpoint.INTERVAL_S if saved else math.inf
        self._not_before_s = ended_s + (ended_s - began_s) / checkpoint.SHARE


def restore(
    found: Checkpoint, w: World, decider: Decider, recorder: Recorder, people: People
) -> World:
    """Put the state of a checkpoint into the arrays of a flight.

    Parameters
    ----------
    found : Checkpoint
        Of the flight.
    w : World
        Of the same flight before its first step.
    decider : Decider
        Its decision core, changed in place.
    recorder : Recorder
        Of the run.
    people : People
        Of the run, changed in place.

    Returns
    -------
    World
        As it was.

    Raises
    ------
    RunFolderError
        If it is of another flight.
    """
    try:
        state = deserialise(found.frozen, people.catalogue)
        rows = state.pop(_DOUBLED)
        while len(w.log.events) < rows:
            w = longer(w)
        recorder.restore(state.pop(_RECORDER))
        told = state.pop(_PEOPLE)
        demand_layout(people.state(), told)
        people.restore(told)
        core = state.pop(_CORE)
        decider.make_room(core)
        _put(decider.state(), core)
        whole = {name: getattr(w, name) for name in _WHOLE}
        _put(whole, {name: state.pop(name) for name in _WHOLE})
        _put_used(w, state)
    except (FrozenError, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        message, remedy = f"a checkpoint is refused: {error}", "run it without --resume"
        raise RunFolderError([Problem(message, remedy)]) from error
    return w


def _state(w: World) -> Arrays:
    """Everything that changes, by name; of tables that come and go what is used."""
    return {name: getattr(w, name) for name in _WHOLE} | _used(w)


def _used(w: World) -> Arrays:
    used: Arrays = {
        "queue": w.queue[: w.counts[Count.QUEUED]],
        "under_way": w.legs[: w.counts[Count.LEGS]],
        "told": w.telemetry[:, : w.counts[Count.TOLD]],
        "filled": w.log.filled,
    }
    for name, place in _LOGGED.items():
        rows = getattr(w.log, name)[: w.log.filled[place]]
        used[name] = rows.view(np.uint8)  # fields of several numbers are none that can be kept
    return used


def _put_used(w: World, state: Arrays) -> None:
    """Fill the tables that come and go, whose counts are there already."""
    log: Log = w.log
    log.filled[:] = state["filled"]
    fresh = _used(w)
    demand_layout(dict(fresh), state)
    for name, array in fresh.items():
        np.copyto(array, state[name], casting="no")


def _put(arrays: Arrays, state: Arrays) -> None:
    demand_layout(dict(arrays), state)
    for name, array in arrays.items():
        np.copyto(array, state[name], casting="no")


def _readable(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Show an array as one that nobody changes: it is written from where it lies."""
    shown = np.ascontiguousarray(array).view()
    shown.flags.writeable = False
    return shown

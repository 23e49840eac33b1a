"""The state of a flight in the checkpoints that all runs have, and back into a world."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from perigrid.base.errors import Problem, RunFolderError
from perigrid.ledger.record import RecordMark
from perigrid.sim.checkpoint import Checkpoint, Checkpoints
from perigrid.sim.deserialise import deserialise
from perigrid.sim.flight.ranges import demand_ranges
from perigrid.sim.flight.world import World, state_arrays
from perigrid.sim.frozen import Catalogue, FrozenError
from perigrid.sim.layout import demand_layout
from perigrid.sim.serialise import serialise

_HEAD = "head"


@dataclass(frozen=True, slots=True)
class Head:
    """Where a checkpoint stands.

    Parameters
    ----------
    telemetry_s, checkpoint_s : float
        As the flight was begun: parts are cut by them [s].
    leg : int
        The next leg.
    records : int
        Records written so far.
    """

    telemetry_s: float
    checkpoint_s: float
    leg: int
    records: int


def save(checkpoints: Checkpoints, t_s: float, mark: RecordMark, head: Head, world: World) -> bool:
    """Write a checkpoint.

    Parameters
    ----------
    checkpoints : Checkpoints
        Of the flight.
    t_s : float
        Now [s].
    mark : RecordMark
        How far the record is on the disk.
    head : Head
        Where it stands.
    world : World
        Its state, the log written.

    Returns
    -------
    bool
        False if none can be written.
    """
    state: dict[str, Any] = {_HEAD: asdict(head)}
    for name, array in state_arrays(world).items():
        state[name] = array.view()
        state[name].flags.writeable = False  # read from where it lies, not copied once more
    return checkpoints.save(t_s, mark, serialise(state, Catalogue()))


def restore(found: Checkpoint, world: World) -> Head:
    """Put the state of a checkpoint into a world.

    Parameters
    ----------
    found : Checkpoint
        Of the flight.
    world : World
        Of the same flight before its first step; changed in place.

    Returns
    -------
    Head
        Where it stands.

    Raises
    ------
    RunFolderError
        If it is of another flight, or would lead compiled code out of its arrays.
    """
    arrays = state_arrays(world)
    try:
        state = deserialise(found.frozen, Catalogue())
        head = Head(**state.pop(_HEAD))
        read = world._replace(**state)
        demand_layout(dict(arrays), state_arrays(read))
        demand_ranges(world, read)
    except (FrozenError, KeyError, TypeError, ValueError, AttributeError) as error:
        message, remedy = f"a checkpoint is refused: {error}", "fly it without --resume"
        raise RunFolderError([Problem(message, remedy)]) from error
    for name, array in arrays.items():
        np.copyto(array, state[name], casting="no")
    return head

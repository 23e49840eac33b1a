"""The core by reference: parts that are compiled take one pointer instead of scores of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.experimental import structref

from perigrid.control.core.messages import Table
from perigrid.control.core.state import Core, Longs
from perigrid.physics.compiled import part

# Numba has no types to speak of.
_types: Any = types
_structref: Any = structref


@_structref.register
class _SharedType(_types.StructRef):  # type: ignore[misc]
    """Type of :class:`Shared` in compiled code."""

    def preprocess_fields(self, fields: Any) -> Any:  # noqa: ANN401  as above
        """Take literals for what they are literals of."""
        return tuple((name, _types.unliteral(kind)) for name, kind in fields)


class Shared(Core):
    """A core and the tables of decisions, in compiled code alone.

    ``decisions``, ``legs`` and ``others`` take what is decided; ``filled`` says how many rows of
    each are taken.
    """

    decisions: Table
    legs: Table
    others: Table
    filled: Longs


class _Made:
    """Makes a :class:`Shared` in compiled code."""


_structref.define_constructor(
    _Made, _SharedType, [*Core._fields, "decisions", "legs", "others", "filled"]
)


@part
def shared(core: Core, decisions: Table, legs: Table, others: Table, filled: Longs) -> Shared:
    """Refer to a core and the tables of decisions.

    Parameters
    ----------
    core : Core
        Its arrays are shared, not copied.
    decisions, legs, others : Table
        Take what is decided.
    filled : (3,) int array
        How many rows of each are taken.

    Returns
    -------
    Shared
        For as long as the kernel runs.
    """
    return _Made(  # type: ignore[call-arg,return-value]
        core.con, core.jobs, core.found, core.satellites, core.nodes, core.stages, core.costs,
        core.curves, core.plan, core.back, core.booked, core.contacts, core.place_of, core.exits,
        core.mesh,
        core.booked_bytes, core.first_facts, core.facts, core.shut, core.open, core.open_back,
        core.verdicts, core.strictness, core.closed, core.outlook_s, core.array_w,
        core.environment_w, core.laser_w, core.told, core.heard, core.times_s, core.columns,
        core.ahead, core.latest_s, core.latest, core.spare, core.near, core.under_way, core.lifted,
        core.outside,
        core.freed, core.ready, core.drafts, core.places, core.way, core.here, core.there,
        core.past, core.starts_s, core.ways_s, core.planned, core.route_delay_s, core.route_near,
        core.laser_first, core.laser_to, core.laser_s, core.route_missed, core.laser_cut,
        core.model_bytes, core.model_used_s, core.slot_free_s, core.fibre_s,
        decisions, legs, others, filled,
    )  # fmt: skip


@part
def wide(number: int) -> int:
    """Take a number of a message's row as 64 bits, so that no part is compiled for others too."""
    return np.int64(number)  # type: ignore[return-value]


@part
def satellite_of(c: Shared, row: int) -> int:
    """Give the satellite of a row of what is known (:mod:`perigrid.control.core.views`)."""
    n = c.con[0].n_satellites
    return int(row if row < n else row - n)

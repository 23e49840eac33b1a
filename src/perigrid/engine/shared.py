"""The world by reference: compiled parts take one pointer instead of scores of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.experimental import structref

from perigrid.engine.state import World
from perigrid.physics.compiled import part

_types: Any = types


@structref.register
class _SharedType(types.StructRef):
    """Type of what :func:`shared` gives in compiled code."""

    def preprocess_fields(self, fields: Any) -> Any:  # noqa: ANN401  as above
        """Take literals for what they are literals of."""
        return tuple((name, _types.unliteral(kind)) for name, kind in fields)


class _Shared:
    """Made in compiled code."""


_structref: Any = structref
_structref.define_constructor(_Shared, _SharedType, list(World._fields))


@part
def shared(w: World) -> World:
    """Refer to a world; its arrays are shared, not copied.

    Parameters
    ----------
    w : World
        The tuple.

    Returns
    -------
    World
        With the same fields, for as long as the kernel runs.
    """
    return _Shared(  # type: ignore[call-arg,return-value]
        w.con, w.t_s, w.array_w, w.environment_w, w.held_w, w.sent_j, w.sats, w.nodes, w.stages,
        w.work, w.outcomes, w.running, w.models, w.model_bytes, w.jobs, w.waits_s, w.sent_bytes,
        w.queue, w.legs, w.counts, w.clock, w.telemetry, w.turns, w.tries, w.dead, w.stops_s,
        w.stopped, w.log,
    )  # fmt: skip


@part
def whole(value: Any) -> int:  # noqa: ANN401  a cell of any width
    """Widen a whole number of a table: parts are compiled anew for each width.

    Parameters
    ----------
    value : int
        Of a table.

    Returns
    -------
    int
        Of 64 bits.
    """
    return np.int64(value)  # type: ignore[return-value]

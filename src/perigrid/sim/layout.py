"""Whether a state that was read is laid out like the one it takes the place of.

Compiled code trusts the sizes of its arrays. Those of a run are decided by the scenario, so that an
engine which was just built says what they must be.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from perigrid.sim.frozen import FrozenError, attributes

_VALUES: Final = frozenset({str, float, int, bool, type(None), list, tuple, set, frozenset})
"""Kinds that may hold more or less as a run goes on."""


def demand_layout(fresh: object, read: object) -> None:
    """Refuse arrays that have another kind or size than those they replace.

    Parameters
    ----------
    fresh : object
        A dictionary or object as it was built.
    read : object
        What is to take its place.

    Raises
    ------
    FrozenError
        If an array differs in type or shape, or an object in class.
    """
    seen: set[int] = set()
    pairs: list[tuple[str, Any, Any]] = [("state", fresh, read)]
    while pairs:
        name, built, found = pairs.pop()
        if found is built or id(built) in seen or type(built) in _VALUES:
            continue
        seen.add(id(built))
        if type(found) is not type(built):
            if found is not None:
                raise FrozenError(f"{name} is a {type(found).__name__}")
        elif isinstance(built, np.ndarray):
            # An empty one is filled by the first report; no compiled code is given those.
            same = built.size == 0 or found.shape == built.shape
            if found.dtype != built.dtype or not same:
                raise FrozenError(f"{name} is laid out otherwise")
        else:
            pairs += _inside(name, built, found)


def _inside(name: str, built: object, found: object) -> list[tuple[str, Any, Any]]:
    """Pair what two dictionaries or objects hold under the same name."""
    of_built, of_found = (
        one if isinstance(one, dict) else attributes(one) for one in (built, found)
    )
    return [
        (f"{name}.{key}", value, of_found[key])
        for key, value in of_built.items()
        if key in of_found
    ]

"""Steps of Numba's compiler that do the same work over and over, done once.

Each gives what Numba's own gives, but for the words of one message. The shares are of the processor
time that the largest kernel takes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from numba.core import itanium_mangler, targetconfig, types
from numba.extending import overload
from numba.np import arrayobj

# Numba has no types to speak of.
_mangler: Any = itanium_mangler
_options: Any = targetconfig.TargetConfig
_struct: Any = types.StructRef
_arrays: Any = arrayobj


def install() -> None:
    """Put them in the place of Numba's."""
    # Names of machine code spell out the types of all arguments, for each of them anew: a sixth.
    _mangler._escape_string = cache(_mangler._escape_string)  # noqa: SLF001
    _options.__eq__, _options.__hash__ = _same_options, _hash_of_options  # a twelfth
    _struct.get_data_type = cache(_struct.get_data_type)  # a fiftieth
    _arrays.raise_with_shape_context = _refuse_shape  # a twelfth


def _same_options(one: Any, other: Any) -> Any:  # noqa: ANN401  see above
    """Compare options; those that were set first, for nearly all are alike in them."""
    if one is other:
        return True
    if not isinstance(other, _options):
        return NotImplemented
    return one._values == other._values or one.values() == other.values()  # noqa: SLF001


def _hash_of_options(one: Any) -> int:  # noqa: ANN401  see above
    """Hash options by their names, as Numba does."""
    return _hash_of_names(tuple(one.options))


@cache
def _hash_of_names(names: tuple[str, ...]) -> int:
    return hash(tuple(sorted(names)))


def _refuse_shape(source: object, target: object) -> None:
    """Stand for what refuses to put an array into a part of another that has another shape."""


@overload(_refuse_shape)
def _compiled_refuse_shape(source: Any, target: Any) -> Any:  # noqa: ANN401, ARG001  see above
    """Refuse without writing the shapes out, for which Numba compiles all it knows of strings."""

    def refuse(source: Any, target: Any) -> None:  # noqa: ANN401, ARG001  see above
        raise ValueError("a part of an array is given what has another shape")

    return refuse

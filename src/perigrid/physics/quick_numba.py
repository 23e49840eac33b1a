"""Steps of Numba's compiler that do the same work over and over, done once.

Each gives what Numba's own gives, but for the words of one message. The shares are of the processor
time that the largest kernel takes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from numba.core import itanium_mangler, targetconfig, types
from numba.extending import overload
from numba.np import arrayobj

# Numba has no types to speak of.
_mangler: Any = itanium_mangler
_options: Any = targetconfig.TargetConfig
_struct: Any = types.StructRef
_arrays: Any = arrayobj
_spelt_out: Any = itanium_mangler.mangle_type_or_value

_LONGEST_NAME: Final = 80
"""Of a type, in names of machine code."""


def install() -> None:
    """Put them in the place of Numba's."""
    _mangler.mangle_args = _name_arguments
    _options.__eq__, _options.__hash__ = _same_options, _hash_of_options  # a twelfth
    _struct.get_data_type = cache(_struct.get_data_type)  # a fiftieth
    _arrays.raise_with_shape_context = _refuse_shape  # a twelfth


def _name_arguments(arguments: Iterable[Any]) -> str:
    """Name the types of a function's arguments in the name of its machine code, in short."""
    # Numba spells them out. A reference to a thousand fields has a name of 68,000 letters, which
    # stands in the intermediate code at each call of a function that is given one: nine tenths of
    # what is kept of a kernel.
    return "".join(map(_name_argument, arguments))


@cache
def _name_argument(kind: Any) -> str:  # noqa: ANN401  see above
    """Name a type; what is long by its digest."""
    name: str = _spelt_out(kind)
    if len(name) <= _LONGEST_NAME:
        return name
    return str(_mangler.mangle_identifier(hashlib.sha256(name.encode()).hexdigest()))


def _same_options(one: Any, other: Any) -> Any:  # noqa: ANN401  see above
    """Compare options; those that were set first, for nearly all are alike in them."""
    if one is other:
        return True
    if not isinstance(other, _options):
        return NotImplemented
    mine, others, every = one._values, other._values, one.options  # noqa: SLF001
    return mine == others or all(
        mine.get(name, every[name].default) == others.get(name, every[name].default)
        for name in mine.keys() | others.keys()
    )


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

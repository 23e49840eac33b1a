"""How the kernels of the package are compiled, so that a fresh machine compiles little.

A *kernel* is called from Python and kept in the cache; a *part* is called from kernels alone. From
Python a part is the plain function it is written as, which is slow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numba as nb
from numba.extending import register_jitable

KERNEL: Final[dict[str, Any]] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
}
"""Options of a kernel."""

PART: Final[dict[str, Any]] = {
    "error_model": "numpy",
    # Python and C callers would each need a wrapper, half of what compiling a short function takes.
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
"""Options of a part, for :func:`numba.extending.register_jitable`."""

_F = TypeVar("_F", bound=Callable[..., Any])


def kernel(function: _F) -> _F:
    """Compile a function that Python calls."""
    compiled: _F = nb.njit(**KERNEL)(function)
    return compiled


def part(function: _F) -> _F:
    """Mark a function as part of kernels."""
    marked: _F = register_jitable(**PART)(function)
    return marked


def inlined_part(function: _F) -> _F:
    """Mark a short function as part of loops that run on the machine's vectors."""
    marked: _F = register_jitable(**PART, forceinline=True)(function)
    return marked

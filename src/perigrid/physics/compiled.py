"""How the kernels of the package are compiled, so that a fresh machine compiles little.

A *kernel* is called from Python and kept in the cache; a *part* is called from kernels alone. From
Python a part is the plain function it is written as, which is slow.

The cache is Numba's, beside the sources, in ``NUMBA_CACHE_DIR`` or in the user's own cache; where
none of them can be written it is in the temporary folder. It only saves time: what is cut, spoilt
or cannot be written is compiled.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import numba as nb
from numba.core import caching, config
from numba.extending import register_jitable

from perigrid.physics import quick_numba
from perigrid.physics.late_linking import KernelCompiler, PartCompiler
from perigrid.physics.source_stamp import source_stamp

quick_numba.install()

KERNEL: Final[dict[str, Any]] = {
    "nogil": True,
    "error_model": "numpy",
    "pipeline_class": KernelCompiler,
    "no_cfunc_wrapper": True,
}
"""Options of a kernel."""

PART: Final[dict[str, Any]] = {
    "error_model": "numpy",
    "pipeline_class": PartCompiler,
    # Python and C callers would each need a wrapper, half of what compiling a short function takes.
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
"""Options of a part, for :func:`numba.extending.register_jitable`."""

if sys.platform != "win32":
    import fcntl

_DIGEST_BYTES: Final = 32
# Numba has no types to speak of.
_caching: Any = caching
_config: Any = config
_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(**options: Any) -> Callable[[_F], _F]:  # noqa: ANN401  Numba has no types
    """Compile functions when they are first called, or take them from the cache.

    Parameters
    ----------
    **options
        Of :func:`numba.njit`, but ``cache``.

    Returns
    -------
    callable
        Decorator.
    """

    def decorate(function: _F) -> _F:
        dispatcher: _F = nb.njit(**options)(function)
        cache = _cache_of(function)
        if cache is not None and hasattr(dispatcher, "_cache"):  # plain where Numba is off
            dispatcher._cache = cache  # noqa: SLF001  as its enable_caching does
        return dispatcher

    return decorate


def kernel(function: _F) -> _F:
    """Compile a function that Python calls."""
    return compiled(**KERNEL)(function)


def part(function: _F) -> _F:
    """Mark a function as part of kernels."""
    marked: _F = register_jitable(**PART)(function)
    return marked


def inlined_part(function: _F) -> _F:
    """Mark a short function as part of loops that run on the machine's vectors."""
    marked: _F = register_jitable(**PART, forceinline=True)(function)
    return marked


def _cache_of(function: Callable[..., Any]) -> _Cache | None:
    """Open the cache of a function; None where there is no place for one."""
    with suppress(RuntimeError):
        return _Cache(function)
    with suppress(RuntimeError, OSError):
        _config.CACHE_DIR = str(_temporary_folder())
        return _Cache(function)
    return None


def _temporary_folder() -> Path:
    """Give a folder that nobody else can write: what is in it will be run."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"perigrid-numba-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != user or found.st_mode & 0o022:
        raise PermissionError(f"{folder} is somebody else's")
    return folder


class _Cache(_caching.FunctionCache):  # type: ignore[misc]
    """A cache whose troubles cost time, never the work."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        stamp = source_stamp(function.__code__.co_filename)
        self._cache_file = _Files(self._cache_path, self._impl.filename_base, stamp)
        self._turn = _Turn(Path(self._cache_path) / f"{self._impl.filename_base}.lock")

    def load_overload(self, sig: object, target_context: Any) -> Any:  # noqa: ANN401  see above
        """Take compiled code from the cache; None if it is not there, nor is being compiled."""
        found = self._load(sig, target_context)
        if found is None:
            self._turn.wait()  # perhaps for a process that compiles it now
            found = self._load(sig, target_context)
            if found is not None:
                self._turn.end()
        return found

    def _load(self, sig: object, target_context: Any) -> Any:  # noqa: ANN401  see above
        with suppress(Exception):
            return super().load_overload(sig, target_context)
        return None

    def save_overload(self, sig: object, data: Any) -> None:  # noqa: ANN401  see above
        """Put compiled code into the cache, if it takes any."""
        with suppress(Exception):
            super().save_overload(sig, data)
        self._turn.end()


class _Turn:
    """Keeps other processes from compiling a function at the same time; they would do it again.

    The lock is the system's and ends with the process. On Windows, which has none of its kind, and
    where no file can be written, both compile.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._file: IO[bytes] | None = None

    def wait(self) -> None:
        """Wait until nobody else compiles."""
        self.end()
        with suppress(Exception):
            self._place.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._place.open("ab")
            if sys.platform != "win32":
                fcntl.flock(self._file, fcntl.LOCK_EX)

    def end(self) -> None:
        """Let others compile."""
        if self._file is not None:
            self._file.close()
            self._file = None


class _Files(_caching.IndexDataCacheFile):  # type: ignore[misc]
    """Files of a cache that are read only if they are whole, and the code that is asked for.

    Numba numbers the files of a function, so that two processes that compile it for different
    arguments at once can take the same number. Here the arguments name the file.
    """

    def save(self, key: object, data: object) -> None:
        """Write code, and that it is there."""
        overloads = self._load_index()
        named = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
        overloads[key] = self._index_name.removesuffix(".nbi") + f".{named}.nbc"
        self._save_data(overloads[key], data)
        self._save_index(overloads)

    def _load_index(self) -> dict[object, str]:
        with suppress(Exception):
            found: dict[object, str] = super()._load_index()
            return found
        return {}

    def _save_data(self, name: str, data: object) -> None:
        content = self._dump(data)
        with self._open_for_write(str(self._place(name))) as file:
            file.write(hashlib.sha256(content).digest() + content)

    def _load_data(self, name: str) -> object:
        content = self._place(name).read_bytes()
        digest, content = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if hashlib.sha256(content).digest() != digest:
            raise OSError("a file of the cache is cut or spoilt")
        return pickle.loads(content)  # noqa: S301  compiled code, run as Numba would run it

    def _place(self, name: str) -> Path:
        return Path(self._cache_path) / name

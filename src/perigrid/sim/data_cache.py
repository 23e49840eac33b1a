"""Fetch, check and read public data sets, in a folder outside the package.

This stands on the ``sim`` floor because it reads files and the network, which nothing below may;
``workload`` is handed the arrays. A file is used only if size and SHA-256 are those of the
catalogue, and it appears under its name only when it is whole: downloads go to a temporary file
that is flushed to disk, checked and then renamed.
"""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final

import numpy as np

from perigrid.base.errors import DataCacheError, Problem
from perigrid.sim.data_catalogue import CATALOGUE, DataSet
from perigrid.sim.data_files import Readable, check_file, store
from perigrid.workload.scene_bank import RealScene

CACHE_VARIABLE: Final = "PERIGRID_CACHE"
TIMEOUT_S: Final = 30.0

SCENES_JUDGED: Final = (1.0, 1.0, 0.0, 0.0, 0.0)
"""Cloud fraction of eo-learn's reference scenes, judged by eye from the true-colour pictures: the
first two are covered from edge to edge, the others show no cloud."""


Opener = Callable[[str], AbstractContextManager[Readable]]


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """State of one data set: ``ready``, ``missing`` or ``damaged`` with the problem."""

    data_set: DataSet
    path: Path
    state: str
    problem: Problem | None


def default_cache_dir(environment: Mapping[str, str] | None = None) -> Path:
    """Find the folder for fetched data.

    Parameters
    ----------
    environment : mapping of str to str, optional
        The process's own if left out.

    Returns
    -------
    pathlib.Path
        ``$PERIGRID_CACHE``, else ``$XDG_CACHE_HOME/perigrid``, else ``~/.cache/perigrid``.
    """
    variables = os.environ if environment is None else environment
    if variables.get(CACHE_VARIABLE):
        return Path(variables[CACHE_VARIABLE]).expanduser()
    base = variables.get("XDG_CACHE_HOME", "")
    # The XDG specification tells to ignore relative paths.
    root = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
    return root / "perigrid"


def find_data_set(name: str) -> DataSet:
    """Look a data set up by name.

    Parameters
    ----------
    name : str
        As in the catalogue.

    Returns
    -------
    DataSet
        Its row.

    Raises
    ------
    DataCacheError
        If there is no such name.
    """
    for data_set in CATALOGUE:
        if data_set.name == name:
            return data_set
    names = ", ".join(data_set.name for data_set in CATALOGUE)
    raise DataCacheError([Problem(f"there is no data set {name!r}", f"choose one of: {names}")])


def require(name: str, cache_dir: Path) -> Path:
    """Find a data set in the cache and check it.

    Parameters
    ----------
    name : str
        As in the catalogue.
    cache_dir : pathlib.Path
        The cache.

    Returns
    -------
    pathlib.Path
        A file of the right size and checksum.

    Raises
    ------
    DataCacheError
        If it is missing, truncated, altered, unreadable or not a file.
    """
    data_set = find_data_set(name)
    path = cache_dir / data_set.file_name
    problem = check_file(path, data_set)
    if problem is not None:
        raise DataCacheError([problem])
    return path


def verify(cache_dir: Path) -> tuple[CacheEntry, ...]:
    """Check every data set in the cache.

    Parameters
    ----------
    cache_dir : pathlib.Path
        The cache; it need not exist.

    Returns
    -------
    tuple of CacheEntry
        In the catalogue's order.
    """
    entries = []
    for data_set in CATALOGUE:
        path = cache_dir / data_set.file_name
        problem = check_file(path, data_set)
        state = "ready" if problem is None else "damaged" if os.path.lexists(path) else "missing"
        entries.append(CacheEntry(data_set, path, state, problem))
    return tuple(entries)


def fetch(name: str, cache_dir: Path, opener: Opener | None = None) -> Path:
    """Download a data set, unless a good copy is there.

    Parameters
    ----------
    name : str
        As in the catalogue.
    cache_dir : pathlib.Path
        The cache; made if missing.
    opener : callable, optional
        Opens a URL for reading; urllib if left out.

    Returns
    -------
    pathlib.Path
        A file of the right size and checksum.

    Raises
    ------
    DataCacheError
        If nobody serves the file, the transfer fails, the bytes are not the expected ones, or the
        cache cannot be written. A file that was there before is left as it was.
    """
    data_set = find_data_set(name)
    path = cache_dir / data_set.file_name
    if check_file(path, data_set) is None:
        return path
    if not data_set.url:
        problem = Problem(
            f"no address serves this very file ({data_set.source})",
            "copy it from a folder that has it: perigrid data install FOLDER",
            key=data_set.name,
        )
        raise DataCacheError([problem])
    try:
        with (opener or _open_url)(data_set.url) as stream:
            store(stream, path, data_set)
    except (OSError, HTTPException) as error:
        problem = Problem(
            f"could not be fetched: {error}",
            "check the network and try again, or: perigrid data install FOLDER",
            key=data_set.name,
            path=data_set.url,
        )
        raise DataCacheError([problem]) from error
    return path


def install_from(directory: Path, cache_dir: Path) -> tuple[str, ...]:
    """Copy every data set found in a folder, or below it, into the cache.

    Parameters
    ----------
    directory : pathlib.Path
        Searched for the catalogue's file names.
    cache_dir : pathlib.Path
        The cache; made if missing.

    Returns
    -------
    tuple of str
        Names of the data sets that are now ready from this folder.

    Raises
    ------
    DataCacheError
        If the folder does not exist or holds none of them, or a file found there is not the
        expected one. Good files found before a bad one stay installed; nothing bad is.
    """
    if not directory.is_dir():
        problem = Problem(
            "is not a folder", "give the folder that holds the data", "", str(directory)
        )
        raise DataCacheError([problem])
    installed: list[str] = []
    problems: list[Problem] = []
    for data_set in CATALOGUE:
        source = next(iter(sorted(directory.rglob(data_set.file_name))), None)
        if source is None:
            continue
        found = check_file(source, data_set) or _copy(source, cache_dir, data_set)
        if found is None:
            installed.append(data_set.name)
        else:
            problems.append(found)
    if problems:
        raise DataCacheError(problems)
    if not installed:
        names = ", ".join(data_set.file_name for data_set in CATALOGUE)
        problem = Problem("holds no known data set", f"looked for: {names}", "", str(directory))
        raise DataCacheError([problem])
    return tuple(installed)


def reference_scenes(cache_dir: Path) -> tuple[RealScene, ...]:
    """Read the real scenes for the scene bank.

    Parameters
    ----------
    cache_dir : pathlib.Path
        The cache.

    Returns
    -------
    tuple of RealScene
        Five scenes, or none if they were never fetched.

    Raises
    ------
    DataCacheError
        If the file is there and damaged: a run must not quietly do without it.
    """
    data_set = find_data_set("eolearn-scenes")
    if not os.path.lexists(cache_dir / data_set.file_name):
        return ()
    stack = np.load(require(data_set.name, cache_dir), allow_pickle=False)
    return tuple(
        RealScene(f"eo-learn {number}", scene, judged)
        for number, (scene, judged) in enumerate(zip(stack, SCENES_JUDGED, strict=True), start=1)
    )


def _copy(source: Path, cache_dir: Path, data_set: DataSet) -> Problem | None:
    """Copy a checked file into the cache."""
    target = cache_dir / data_set.file_name
    if check_file(target, data_set) is None:
        return None
    try:
        with source.open("rb") as stream:
            store(stream, target, data_set)
    except DataCacheError as error:
        return error.problems[0]
    except OSError as error:
        remedy = f"make {cache_dir} writable, or set {CACHE_VARIABLE} to another folder"
        return Problem(f"cannot be stored: {error}", remedy, data_set.name, str(target))
    return None


def _open_url(url: str) -> AbstractContextManager[Readable]:
    """Open an https address; every one comes from the catalogue."""
    if not url.startswith("https://"):
        raise OSError(f"{url} is not an https address")
    response: AbstractContextManager[Readable] = urllib.request.urlopen(url, timeout=TIMEOUT_S)  # noqa: S310  checked above
    return response

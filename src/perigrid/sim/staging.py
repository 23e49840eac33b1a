"""A folder that appears whole or not at all, and the unfinished work that can be gone on with.

Beside the target ``NAME`` stands ``.NAME.partial`` while it is written::

    .NAME.partial/
        plan.json       which run this is
        run/            becomes NAME by a rename
        work/           checkpoints and parts of tables, by architecture
        old/            what stood at NAME, for the moment between two renames

It stays if the process dies. The folder itself is locked, and the operating system drops the lock
of a process that is gone, however it went. Runs, flights and comparisons are all written so.
Whatever stands in these folders that no run wrote (:mod:`perigrid.sim.run_files`) is left alone,
and named.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from perigrid.base.errors import Problem, RunFolderError
from perigrid.ledger.disk import replace_file
from perigrid.sim.disk import lock_folder, sync_folder, sync_tree
from perigrid.sim.run_files import RUN, UNFINISHED, demand_ours, remove

MANIFEST: Final = "manifest.json"
PLAN: Final = "plan.json"
CHECKPOINT: Final = ".checkpoint"
FINISHED: Final = ".finished"
"""Suffixes of the files in ``work`` that say that something was done."""
IDENTITY: Final = ("digest", "command", "architecture", "seed", "perigrid", "versions")
"""Keys of a manifest that say which run it was."""

Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Staging:
    """Where a run is being written."""

    folder: Path
    """Becomes the target."""
    work: Path
    """What is needed only until then."""
    identity: Mapping[str, Any]
    resumed: bool


@contextmanager
def new_folder(
    target: Path,
    identity: Mapping[str, Any] | None = None,
    *,
    resume: bool = False,
    notice: Notice | None = None,
) -> Iterator[Staging]:
    """Give a folder to write into that becomes ``target`` only if all goes well.

    Parameters
    ----------
    target : Path
        Final place; an earlier run folder there is replaced, anything else is left alone.
    identity : mapping, optional
        Plain values that say which run this is; only the same one is resumed.
    resume : bool
        Go on with unfinished work of the same run, if there is any.
    notice : callable, optional
        Told what the user should know.

    Yields
    ------
    Staging
        Folders beside the target, empty unless resumed.

    Raises
    ------
    RunFolderError
        If something stands there that no run wrote, the place cannot be written, another process
        writes there, or the unfinished work is that of another run.
    """
    # A link keeps pointing where it does; "." gets a name and a folder beside it.
    named, target = target, target.resolve()
    tell = notice or (lambda _text: None)
    _demand_replaceable(target, named)
    partial = target.with_name(f".{target.name}.partial")
    try:
        handle = _claim(partial)
    except OSError as error:
        message, remedy = f"cannot be written: {error.strerror}", "choose a writable folder with -o"
        raise RunFolderError([Problem(message, remedy, path=str(named))]) from error
    try:
        demand_ours(partial, UNFINISHED)
        _put_back(partial / "old", target)
        staging = _prepare(partial, dict(identity or {}), resume=resume, tell=tell)
        try:
            yield staging
            _demand_replaceable(target, named)
            _put_in_place(staging.folder, target)
        except BaseException:
            _leave(staging, tell)
            raise
        _clear(partial, tell)
    finally:
        if handle is not None:
            os.close(handle)


def _demand_replaceable(target: Path, named: Path) -> None:
    """Refuse to take the place of anything but an empty folder or one of our own, with no more."""
    if not target.exists():
        return
    if not is_replaceable(target):
        message = "something that is not a run folder stands here"
        remedy = "choose another folder with -o, or remove it"
        raise RunFolderError([Problem(message, remedy, path=str(named))])
    demand_ours(target, RUN, named)


def _claim(partial: Path) -> int | None:
    """Make the folder and lock it; the lock goes with the returned handle, None without locks."""
    while True:
        partial.mkdir(parents=True, exist_ok=True)
        handle, free = lock_folder(partial)
        if not free:
            message = "another process is writing this run"
            remedy = "wait for it, or choose another folder with -o"
            raise RunFolderError([Problem(message, remedy, path=str(partial))])
        if handle is None:
            return None
        # The one before us may have removed what we opened.
        with suppress(FileNotFoundError):
            if partial.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        os.close(handle)


def _prepare(partial: Path, identity: dict[str, Any], *, resume: bool, tell: Notice) -> Staging:
    """Go on with what is there, or clear it away and begin."""
    left = _left_over(partial)
    resumed = resume and left is not None
    if resumed:
        _require_same(partial, left or {}, identity)
        tell(f"going on with the interrupted run in {partial.name}")
    elif resume:
        tell("nothing to resume: starting from the beginning")
    elif left is not None:
        command = left.get("command") or "no command noted"
        tell(f"removing an interrupted run ({command}); --resume would have gone on with it")
    staging = Staging(partial / "run", partial / "work", identity, resumed)
    if not resumed:
        remove(partial, UNFINISHED, emptied=True)
        replace_file(partial / PLAN, (json.dumps(identity, indent=1) + "\n").encode())
    staging.folder.mkdir(exist_ok=True)
    staging.work.mkdir(exist_ok=True)
    return staging


def _left_over(partial: Path) -> dict[str, Any] | None:
    """Answer the plan of unfinished work; None if nothing was done yet."""
    plan = None
    with suppress(OSError, ValueError, RecursionError):
        plan = json.loads((partial / PLAN).read_text(encoding="utf-8"))
    if not isinstance(plan, dict) and not (partial / PLAN).exists():
        return None  # it died before it had begun
    if not isinstance(plan, dict):
        message, remedy = "something else stands here", "remove it, or choose another folder"
        raise RunFolderError([Problem(message, remedy, path=str(partial))])
    return plan if _has_work(partial / "work") else None


def _has_work(work: Path) -> bool:
    """Say whether anything can be gone on with."""
    return any(place.suffix in (CHECKPOINT, FINISHED) for place in work.rglob("*"))


def _require_same(partial: Path, left: dict[str, Any], identity: dict[str, Any]) -> None:
    """Refuse to go on with another run, and say in what it differs."""
    keys = sorted(
        key for key in left.keys() | identity.keys() if left.get(key) != identity.get(key)
    )
    if not keys:
        return
    message = f"the interrupted run here is another one: {', '.join(keys)} differ"
    remedy = "start afresh: run the same command without --resume"
    if left.get("command") != identity.get("command"):
        remedy = f"go on with `{left.get('command')} --resume`, or start afresh without --resume"
    raise RunFolderError([Problem(message, remedy, path=str(partial))])


def _put_in_place(folder: Path, target: Path) -> None:
    """Let a whole folder take the place of an earlier one, which is removed only then."""
    sync_tree(folder)
    folder.chmod(0o755)
    old = folder.with_name("old")
    try:
        if target.exists():
            target.rename(old)
        folder.rename(target)
    except OSError as error:
        _put_back(old, target)
        message, remedy = f"cannot be replaced: {error.strerror}", "choose another folder with -o"
        raise RunFolderError([Problem(message, remedy, path=str(target))]) from error
    sync_folder(target.parent)
    remove(old, RUN)


def _put_back(old: Path, target: Path) -> None:
    """Undo the first of the two renames, where the second never came; end a removal."""
    if old.is_dir() and not target.exists():
        old.rename(target)
    remove(old, RUN)


def _leave(staging: Staging, tell: Notice) -> None:
    """Keep what can be gone on with, clear away the rest."""
    partial = staging.work.parent
    if _has_work(staging.work):
        tell(f"what was done is kept in {partial.name}; the same command with --resume goes on")
    else:
        _clear(partial, tell)


def _clear(partial: Path, tell: Notice) -> None:
    if not remove(partial, UNFINISHED):
        tell(f"something that no run wrote stays in {partial.name}")


def drop_left_over(target: Path, identity: Mapping[str, Any]) -> None:
    """Remove what a run left behind that died after its folder was in place.

    Parameters
    ----------
    target : Path
        Final place, complete.
    identity : mapping
        As for :func:`new_folder`; unfinished work of another run stays.
    """
    target = target.resolve()
    partial = target.with_name(f".{target.name}.partial")
    if not partial.is_dir():
        return
    handle = _claim(partial)
    with suppress(OSError, ValueError):
        if json.loads((partial / PLAN).read_text(encoding="utf-8")) == identity:
            remove(partial, UNFINISHED)
    if handle is not None:
        os.close(handle)


def is_complete(target: Path, identity: Mapping[str, Any]) -> bool:
    """Say whether a run folder holds the whole of this very run.

    Parameters
    ----------
    target : Path
        Final place.
    identity : mapping
        As for :func:`new_folder`.

    Returns
    -------
    bool
        False if it is missing, or the folder of another run.
    """
    manifest = read_manifest(target / MANIFEST)
    same = all(manifest.get(key) == identity.get(key) for key in IDENTITY)
    return bool(manifest) and same


def is_replaceable(target: Path) -> bool:
    """Say whether a folder is one of our run folders, or empty.

    Parameters
    ----------
    target : Path
        Existing path.

    Returns
    -------
    bool
        False for files and for folders of something else.
    """
    if not target.is_dir():
        return False
    return not any(target.iterdir()) or bool(read_manifest(target / MANIFEST))


def read_manifest(place: Path) -> dict[str, Any]:
    """Read a run's manifest, not one that another program keeps under the same name.

    Parameters
    ----------
    place : Path
        The file.

    Returns
    -------
    dict
        Empty if it is missing or not ours.
    """
    if not place.is_file():  # a pipe would be waited for
        return {}
    try:
        record = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    ours = isinstance(record, dict) and "perigrid" in record and "scenario" in record
    return record if ours else {}

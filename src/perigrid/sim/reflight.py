"""A simulated run flown again from what its folder holds, and compared with all that stands there.

The scenario, what the models said of each scene and the seed decide everything else, so the same
record and the same tables come out; of compute jobs scenario and seed do. What a person is called
and said decides nothing and may be gone: the hashes that stand for it in the record are put into
the new flight.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from perigrid.base.decision_words import EXPLAINED
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.messages import Acknowledge, Ordered
from perigrid.ledger.comparison import compared_in
from perigrid.ledger.leaf import HASH, PREVIOUS, RECORD, parse_line
from perigrid.ledger.record import ANCHOR, PART, SEAL
from perigrid.ledger.seal import LEDGER
from perigrid.ledger.side_store import COMMITMENT_KEY, commitments_in
from perigrid.ledger.source import MAX_JSON_BYTES, Source
from perigrid.scenario.jobs import BATCH
from perigrid.scenario.stored import FILE_NAME as SCENARIO
from perigrid.scenario.stored import text_digest
from perigrid.sim.run import simulate
from perigrid.sim.staging import MANIFEST
from perigrid.sim.world import World
from perigrid.workload.scene_bank import NO_SCENES, SceneBank
from perigrid.workload.stored_bank import FILE_NAME as SCENES
from perigrid.workload.stored_bank import read_scenes

SUMMARY: Final = "summary.json"
_SCRATCH: Final = "perigrid-replay-"
_TABLE: Final = ".parquet"
_AS_STATED: Final = frozenset({"command", "warnings", "assumed", "versions"})
"""Keys of the manifest that do not follow from the stored scenario."""
_HEAD: Final = "ledger_head"
_REASON: Final = "reason"
_HASH: Final = re.compile(rb"[0-9a-f]{64}")
Told = Mapping[str, str]
"""Hashes in the record of a run by those of its flight under pseudonyms."""


def stored_bank(run: Source, pins: Mapping[str, Any]) -> SceneBank:
    """Read what the models said in a run.

    Parameters
    ----------
    run : Source
        Of one run.
    pins : mapping
        What it was pinned to.

    Returns
    -------
    SceneBank
        The very one that the run was pinned to.

    Raises
    ------
    RunFolderError
        If the file is missing, or is not the pinned one.
    """
    if pins.get("workload") == BATCH:
        return NO_SCENES
    try:
        text = run.read(SCENES, MAX_JSON_BYTES).decode()
        bank = read_scenes(text, dict(pins["models"]))
    except (ValueError, KeyError, TypeError) as error:
        raise RunFolderError([_broken(run, f"{SCENES} cannot be read: {error}")]) from error
    if text_digest(text) != pins.get("scenes"):
        message = f"{SCENES} is not what the run was pinned to in record 0"
        raise RunFolderError([_broken(run, message)])
    return bank


def differences(
    run: Source, pins: Mapping[str, Any], world: World
) -> tuple[int | None, list[tuple[str, str]]]:
    """Fly a run again and compare everything.

    Parameters
    ----------
    run : Source
        Of one run; its seal holds.
    pins : mapping
        What it was pinned to.
    world : World
        From what the folder holds.

    Returns
    -------
    first : int or None
        Sequence number of the first record that comes out otherwise; None if none does.
    files : list of (str, str)
        Each file that comes out otherwise, and how.
    """
    architecture = world.scenario.architecture(pins["architecture"])
    command = str(_manifest(run).get("command", ""))
    with tempfile.TemporaryDirectory(prefix=_SCRATCH) as scratch:
        folder = Path(scratch)
        simulate(world, architecture, folder, compared_in(pins), command=command)
        return _compared(run, Source(run.label, folder))


def _manifest(run: Source) -> dict[str, Any]:
    return _json(run.read(MANIFEST, MAX_JSON_BYTES)) if run.has(MANIFEST) else {}


def _compared(run: Source, fresh: Source) -> tuple[int | None, list[tuple[str, str]]]:
    """Compare a run with what came out of it when it was flown again."""
    told = dict(zip(_commitments(fresh), _commitments(run), strict=False))
    return _first(run, fresh, told), list(_files(run, fresh, told))


def _commitments(run: Source) -> list[str]:
    """List what stands in a record for what people are called and said, in order."""
    lines = (raw for raw in run.read(RECORD).split(b"\n") if COMMITMENT_KEY.encode() in raw)
    found = (parse_line(raw) for raw in lines)
    return [one for line in found if line is not None for one in commitments_in(line.entry)]


def _first(run: Source, fresh: Source, told: Told) -> int | None:
    """Find the first record that is not the same."""
    renamed = any(before != after for before, after in told.items())
    pairs = itertools.zip_longest(*(io.BytesIO(one.read(RECORD)) for one in (run, fresh)))
    for number, (there, here) in enumerate(pairs):
        if there == here:
            continue
        if there is None or here is None:
            return number
        if _plain(there, renamed) != _plain(_retold(here, told), renamed):
            return number
    return None


def _retold(raw: bytes, told: Told) -> bytes:
    """Put the hashes of a run in the place of those of its flight under pseudonyms."""
    if not told:
        return raw
    return _HASH.sub(lambda found: told.get(found[0].decode(), found[0].decode()).encode(), raw)


def _plain(raw: bytes, renamed: bool) -> Any:  # noqa: ANN401, FBT001  JSON values
    """Take from a record what depends on what is told of people, and the digests of files."""
    line = parse_line(raw.removesuffix(b"\n"))
    if line is None:
        return raw
    entry = {key: value for key, value in line.entry.items() if key not in {PREVIOUS, HASH}}
    if entry["kind"] == ANCHOR and isinstance(entry.get("logs"), dict):
        states = {log: state.get("size") for log, state in entry["logs"].items()}
        return {**entry, "logs": states}
    if entry["kind"] == SEAL:
        return {**entry, "files": None}
    if entry["kind"] == PART and renamed:  # tables name the hashes of people's words
        return {**entry, "sha256": None}
    return _impersonal(entry)


def _impersonal(entry: dict[str, Any]) -> dict[str, Any]:
    """Leave out what follows from the hash of a person's words: the record's replay asks that."""
    for event in entry.get("events", ()):
        if event.get("type") == Ordered.__name__:
            del event["order"]["signature"]
    for decision in entry.get("decisions", ()):
        if decision["action"]["type"] == Acknowledge.__name__:
            decision.pop(EXPLAINED, None)
    return entry


def _files(run: Source, fresh: Source, told: Told) -> Iterator[tuple[str, str]]:
    """Compare every file but the ledger."""
    there, here = (
        {name for name in one.names() if not name.startswith(f"{LEDGER}/")} for one in (run, fresh)
    )
    for name in sorted(here - there - {SCENARIO}):
        yield name, "the file is missing: flown again, the run writes it"
    for name in sorted(there & here):
        if run.digest(name) != fresh.digest(name):
            yield from _file(name, run, fresh, told)


def _file(name: str, run: Source, fresh: Source, told: Told) -> Iterator[tuple[str, str]]:
    """Say how a file that has other bytes differs, if it does."""
    if name.endswith(_TABLE):
        yield from _table(name, run, fresh, told)
        return
    if name not in {SUMMARY, MANIFEST}:
        yield name, "flown again, the run writes another one"
        return
    there, here = (_json(one.read(name, MAX_JSON_BYTES)) for one in (run, fresh))
    if name == SUMMARY and here.get(_HEAD) != there.get(_HEAD):
        here = here | {_HEAD: _head(run, here)}
    left = _AS_STATED if name == MANIFEST else frozenset()
    for key in sorted((there.keys() | here.keys()) - left):
        if key not in there or key not in here or there[key] != here[key]:
            yield name, f"{key} is not what comes out when the run is flown again"


def _head(run: Source, summary: Mapping[str, Any]) -> object:
    """Give the hash of the record that was the last one when a summary was written."""
    lines = run.read(RECORD).split(b"\n")
    count = int(summary["records"])
    line = parse_line(lines[count - 1]) if 0 < count < len(lines) else None
    return None if line is None else line.stated


def _table(name: str, run: Source, fresh: Source, told: Told) -> Iterator[tuple[str, str]]:
    there, here = (_frame(one.read(name)) for one in (run, fresh))
    if here is not None and told and _REASON in here.columns:
        here = here.with_columns(pl.col(_REASON).str.replace_many(list(told), [*told.values()]))
    if there is None or here is None or there.schema != here.schema:
        yield name, "it is not the table that comes out when the run is flown again"
    elif there.height != here.height:
        yield name, f"it has {there.height:,} rows; flown again, the run has {here.height:,}"
    else:
        other = [one for one in here.columns if not there[one].equals(here[one], null_equal=True)]
        if other:
            yield name, f"{', '.join(other)}: not what comes out when the run is flown again"


def _frame(content: bytes) -> pl.DataFrame | None:
    try:
        return pl.read_parquet(content)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return None


def _json(content: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _broken(run: Source, message: str) -> Problem:
    remedy = "it was altered, or the run is of another version; run again"
    return Problem(message, remedy, path=run.label)

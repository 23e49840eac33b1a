"""Verifying whatever was handed over: a run, a comparison of runs, a bundle of either."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, Final

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.signing import VerifyKey
from perigrid.ledger.audit import LEDGER_FILES, Verdict, verify_run
from perigrid.ledger.audit_records import RECORD
from perigrid.ledger.leaf import parse_line
from perigrid.ledger.note import parse_checkpoint, parse_note
from perigrid.ledger.seal import MANIFEST
from perigrid.ledger.source import Source, pack

COMPARISON: Final = "comparison.json"
WITHOUT_RULES: Final = "without-rules"
"""Folder of the same comparison flown without the rules."""
SUMMARY: Final = "summary.json"
Earlier = Sequence[tuple[str, bytes]]


def verify(
    source: Source, keys: Sequence[VerifyKey] | None = None, since: Earlier = ()
) -> list[Verdict]:
    """Verify a run, or a comparison and each of its runs.

    Parameters
    ----------
    source : Source
        Folder or bundle.
    keys : sequence of VerifyKey, optional
        Public keys that are trusted; those in the folder if left out.
    since : sequence of (str, bytes)
        Names and contents of earlier checkpoints that a log must continue.

    Returns
    -------
    list of Verdict
        One for each run; before them one for the comparison, if it is one.
    """
    if source.has(COMPARISON):
        verdicts = _verify_comparison(source, keys, since)
    else:
        _demand_record(source)
        verdicts = [verify_run(source, keys, since)]
    if source.folder is None:
        _check_form(source, verdicts[0])
    return verdicts


def _demand_record(source: Source) -> None:
    if not source.has(RECORD):
        message, remedy = f"there is no {RECORD} in it", "name a run or comparison, or its bundle"
        raise RunFolderError([Problem(message, remedy, path=source.label)])


def _check_form(source: Source, verdict: Verdict) -> None:
    """Demand that a bundle is the one that an export of its files writes."""
    if pack(source.contents.items()) != source.bundle:
        verdict.doubt(source.label, "the bundle was altered: no export writes it so")


def _verify_comparison(
    source: Source, keys: Sequence[VerifyKey] | None, since: Earlier
) -> list[Verdict]:
    """Verify each run and that the comparison says what they say."""
    whole = Verdict(source.label)
    names = sorted(_run_names(source, whole))
    runs = {name: source.inside(name) for name in names if source.has(f"{name}/{RECORD}")}
    for name in names:
        if name not in runs:
            whole.doubt(f"{name}/{RECORD}", "the comparison names this run and it is not there")
    origins = {name: _origin(run) for name, run in runs.items()}
    verdicts = []
    for name, run in runs.items():
        own = [one for one in since if _origin_of(one[1]) == origins[name] != ""]
        verdicts.append(verify_run(run, keys, own))
    known = set(origins.values())
    if free := _without_rules(source):
        inner = {_origin(free.inside(name)) for name in _run_folders(free)}
        own = [one for one in since if _origin_of(one[1]) in inner]
        verdicts += _verify_comparison(free, keys, own)
        known |= inner
    for name, content in since:
        if _origin_of(content) not in known:
            whole.doubt(name, "this checkpoint is of none of the runs")
    _check_comparison(source, runs, whole)
    _say_uncovered(source, {*runs, *([WITHOUT_RULES] if free else [])}, whole)
    return [whole, *verdicts]


def _without_rules(source: Source) -> Source | None:
    """Find the same comparison flown without the rules."""
    has = source.has(f"{WITHOUT_RULES}/{COMPARISON}")
    return source.inside(WITHOUT_RULES) if has else None


def _run_folders(source: Source) -> set[str]:
    """Names of the folders that hold a record."""
    depth = RECORD.count("/") + 1
    return {
        name.split("/")[0]
        for name in source.names()
        if name.endswith(f"/{RECORD}") and name.count("/") == depth
    }


def _run_names(source: Source, whole: Verdict) -> list[str]:
    """Names of the runs; those of sealed folders count too, so that none can be left unsaid."""
    compared = _table(_parsed(source, COMPARISON, whole).get("architectures"))
    folders = _run_folders(source)
    for name in sorted(folders - compared.keys()):
        whole.doubt(COMPARISON, f"it does not name the run {name}")
    return sorted(folders | compared.keys())


def _origin(run: Source) -> str:
    try:
        return _origin_of(run.read("ledger/checkpoint"))
    except RunFolderError:
        return ""


def _origin_of(content: bytes) -> str:
    try:
        return parse_checkpoint(parse_note(content).text).origin
    except RunFolderError:
        return ""


def _check_comparison(source: Source, runs: dict[str, Source], whole: Verdict) -> None:
    """Compare the comparison's own files with the sealed files of its runs."""
    if not runs:
        whole.doubt(COMPARISON, "it compares no runs")
        return
    stated = _parsed(source, COMPARISON, whole)
    manifests = {name: _parsed(run, MANIFEST, whole) for name, run in runs.items()}
    for name, run in runs.items():
        if _table(stated.get("architectures")).get(name) != _parsed(run, SUMMARY, whole):
            whole.doubt(COMPARISON, f"its figures of {name} are not those of {name}/{SUMMARY}")
    name, first = next(iter(manifests.items()))
    expected = _expected(first, _pins(runs[name]))
    for key, value in expected.items():
        if key not in stated or stated[key] != value:
            whole.doubt(COMPARISON, f"{key} is not what its runs say")
    for key in sorted(stated.keys() - expected.keys() - {"architectures"}):
        whole.notes.append(f"{key!r} of {COMPARISON} is not covered by the ledger")
    top = _parsed(source, MANIFEST, whole) if source.has(MANIFEST) else {}
    if top != {**first, "architecture": "compare"}:
        whole.doubt(MANIFEST, "it is not what the manifests of the runs say")


def _expected(manifest: dict[str, Any], pins: dict[str, Any]) -> dict[str, Any]:
    """Collect what a comparison repeats of its runs."""
    rows = manifest.get("assumed") or []
    return {
        "scenario": manifest.get("scenario"),
        "hours": manifest.get("hours"),
        "seed": manifest.get("seed"),
        "observations": pins.get("observations"),
        "detector": _table(manifest.get("models")).get("detector"),
        "assumed": [row for row in rows if _table(row).get("confidence") == "assumed"],
    }


def _pins(run: Source) -> dict[str, Any]:
    """Read what a run was pinned to; whether that is to be believed is its own verdict."""
    line = parse_line(run.read(RECORD).partition(b"\n")[0])
    return {} if line is None else _table(line.entry.get("pins"))


def _parsed(source: Source, name: str, whole: Verdict) -> dict[str, Any]:
    """Read a JSON file that stands in the one form in which runs write it."""
    try:
        content = source.read(name)
        parsed = json.loads(content)
    except (RunFolderError, ValueError, RecursionError):
        whole.doubt(f"{source.label}/{name}", "the file is missing or no JSON")
        return {}
    if (json.dumps(parsed, indent=1) + "\n").encode() != content:
        whole.doubt(f"{source.label}/{name}", "the file was altered: no run writes it so")
    return _table(parsed)


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _say_uncovered(source: Source, runs: Collection[str], whole: Verdict) -> None:
    """Name the files of the comparison that nothing vouches for."""
    for name in source.names():
        if name.split("/")[0] not in runs and name not in {COMPARISON, MANIFEST}:
            whole.notes.append(f"{name} is not covered by the ledger")


# ---------------------------------------------------------------------- handing over


def export(source: Source) -> bytes:
    """Put everything an audit needs into one file.

    Parameters
    ----------
    source : Source
        A run or comparison.

    Returns
    -------
    bytes
        A bundle: ledgers, sealed files and the comparison's own; the same for the same files.
        Files that no ledger covers stay out.
    """
    if not source.has(COMPARISON):
        _demand_record(source)
        return pack((name, source.read(name)) for name in _covered(source))
    names = _comparison_files(source)
    if free := _without_rules(source):
        names += [f"{WITHOUT_RULES}/{name}" for name in _comparison_files(free)]
    return pack((name, source.read(name)) for name in names if source.has(name))


def _comparison_files(source: Source) -> list[str]:
    """Files of a comparison that an audit needs."""
    names = [COMPARISON, MANIFEST]
    for run in sorted(_run_folders(source)):
        names += [f"{run}/{name}" for name in _covered(source.inside(run))]
    return names


def _covered(run: Source) -> list[str]:
    """Files of a run that its seal names, and the ledger itself."""
    last = run.read(RECORD).rstrip(b"\n").rpartition(b"\n")[2]
    try:
        sealed = _table(_table(json.loads(last)).get("files"))
    except (ValueError, RecursionError):
        sealed = {}
    return [name for name in run.names() if name in sealed or name in LEDGER_FILES]

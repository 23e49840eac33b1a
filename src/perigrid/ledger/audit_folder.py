"""Verifying whatever was handed over: a run, a comparison of runs, a bundle of either."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.signing import VerifyKey
from perigrid.ledger.audit import LEDGER_FILES, verify_run
from perigrid.ledger.audit_checkpoint import CHECKPOINT_FILE
from perigrid.ledger.comparison import COMPARED, checkpoint_of, part_of
from perigrid.ledger.leaf import RECORD, parse_line
from perigrid.ledger.note import parse_checkpoint, parse_note
from perigrid.ledger.seal import MANIFEST
from perigrid.ledger.source import MAX_JSON_BYTES, Source, pack
from perigrid.ledger.verdict import Verdict

COMPARISON: Final = "comparison.json"
WITHOUT_RULES: Final = "without-rules"
"""Folder of the same comparison flown without the rules."""
SUMMARY: Final = "summary.json"
Earlier = Sequence[tuple[str, bytes]]
_WORKLOAD: Final = "workload"
"""Key that a run of observations lacks."""
_LEVELS: Final = 2
"""A comparison may hold another one, of which each holds runs; whatever is deeper is no ledger."""


def verify(
    source: Source, keys: Sequence[VerifyKey] | None = None, since: Earlier = ()
) -> list[Verdict]:
    """Verify a run, or a comparison as a whole and each of its runs.

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
    if _is_comparison(source):
        verdicts = _verify_comparison(source, keys, since, _LEVELS)
    else:
        _demand_record(source)
        verdicts = [verify_run(source, keys, since)]
    folder, comparison = part_of(verdicts[0].pins)
    if comparison and folder:
        what = f"it is {folder} of a comparison, which is signed as a whole: verify that"
        verdicts[0].notes.insert(0, what)  # it may have been handed over as the whole
    if source.folder is None:
        _check_form(source, verdicts[0])
    return verdicts


def _is_comparison(source: Source) -> bool:
    """Say whether it is a comparison, or was one before its file was taken away."""
    return source.has(COMPARISON) or (
        source.has(RECORD) and _pins(source).get("architecture") == COMPARED
    )


def _demand_record(source: Source) -> None:
    there = {name for name, _ in source.foreign()}  # what is no file is doubted, not passed over
    if not source.has(RECORD) and RECORD not in there:
        message, remedy = f"there is no {RECORD} in it", "name a run or comparison, or its bundle"
        raise RunFolderError([Problem(message, remedy, path=source.label)])


def _check_form(source: Source, verdict: Verdict) -> None:
    """Demand that a bundle is the one that an export of its files writes."""
    if pack(source.contents.items()) != source.bundle:
        verdict.doubt(source.label, "the bundle was altered: no export writes it so")


def _verify_comparison(
    source: Source, keys: Sequence[VerifyKey] | None, since: Earlier, levels: int
) -> list[Verdict]:
    """Verify what is signed as a whole, and each of its parts."""
    folders = _inner_folders(source)
    runs = {name: source.inside(name) for name in folders}
    mine = _origin(source)
    whole = _verify_whole(source, keys, [one for one in since if _origin_of(one[1]) == mine != ""])
    verdicts = [whole]
    for name, run in runs.items():
        known = _origins(run)
        own = [one for one in since if _origin_of(one[1]) in known]
        if levels > 1 and _is_comparison(run):
            verdicts += _verify_comparison(run, keys, own, levels - 1)
        else:
            verdicts.append(verify_run(run, keys, own))
        verdict = next(one for one in verdicts if one.run == run.label)
        _check_part(name, run, verdict, whole)
    known = _origins(source)
    for name, content in since:
        if _origin_of(content) not in known:
            whole.doubt(name, "this checkpoint is of none of the runs")
    flown = {name: run for name, run in runs.items() if not run.has(COMPARISON)}
    stated = _parsed(source, COMPARISON, whole)
    _check_names(stated, runs, whole)
    _check_comparison(source, stated, flown, whole)
    return verdicts


def _verify_whole(source: Source, keys: Sequence[VerifyKey] | None, since: Earlier) -> Verdict:
    """Verify the comparison's own ledger, which covers all that is no run's."""
    if source.has(RECORD):
        return verify_run(source, keys, since, _inner_folders(source))
    verdict = Verdict(source.label)
    what = "the comparison is not signed as a whole: no record names its runs and covers its files"
    verdict.doubt(RECORD, what)
    inner = _inner_folders(source)
    verdict.uncovered += [name for name in source.names() if name.split("/")[0] not in inner]
    return verdict


def _inner_folders(source: Source) -> list[str]:
    """Names of the folders right inside of it that hold a record."""
    depth = RECORD.count("/") + 1
    ends = (name for name in source.names() if name.endswith(f"/{RECORD}"))
    return sorted({name.split("/")[0] for name in ends if name.count("/") == depth})


def _origins(source: Source, levels: int = _LEVELS) -> set[str]:
    """Which logs stand anywhere in it."""
    inner = (source.inside(name) for name in _inner_folders(source) if levels)
    return {_origin(source), *(one for run in inner for one in _origins(run, levels - 1))} - {""}


def _origin(run: Source) -> str:
    try:
        return _origin_of(run.read(CHECKPOINT_FILE))
    except RunFolderError:
        return ""


def _origin_of(content: bytes) -> str:
    try:
        return parse_checkpoint(parse_note(content).text).origin
    except RunFolderError:
        return ""


def _check_part(name: str, run: Source, verdict: Verdict, whole: Verdict) -> None:
    """Demand that a part is the very one that was compared, under its own name."""
    if whole.records:
        _check_state(name, run, whole)
    top, comparison = part_of(whole.pins)
    folder, own = part_of(verdict.pins)
    if not own:
        verdict.doubt(RECORD, "it was not flown for a comparison: its pins name none")
    elif comparison and own != comparison:
        verdict.doubt(RECORD, "it was flown for another comparison")
    elif folder != (f"{top}/{name}".strip("/") if comparison else name):
        verdict.doubt(RECORD, f"it was flown as {folder!r} and stands under another name")
    if run.has(COMPARISON) != (verdict.pins.get("architecture") == COMPARED):
        verdict.doubt(RECORD, "it is of something else than what stands beside it")


def _check_state(name: str, run: Source, whole: Verdict) -> None:
    """Compare the state of a part's ledger with the one that was signed with the whole."""
    stated = whole.inner.get(name)
    if stated is None:
        whole.doubt(f"{name}/{RECORD}", "the comparison's record does not name it")
        return
    try:
        state = checkpoint_of(run)
        found: dict[str, Any] = {**asdict(state), "root": state.root.hex()}
    except RunFolderError:  # its own verdict says why
        found = {}
    if any(stated.get(key) != found.get(key) for key in ("origin", "size", "root")):
        what = "it is not the run that was compared: the comparison's record has another"
        whole.doubt(f"{name}/{CHECKPOINT_FILE}", what)


def _check_names(stated: dict[str, Any], runs: dict[str, Source], whole: Verdict) -> None:
    """Demand that the record, the comparison and the folders name the same runs."""
    compared = set(_table(stated.get("architectures")))
    flown = {name for name, run in runs.items() if not run.has(COMPARISON)}
    for name in sorted(flown - compared):
        whole.doubt(COMPARISON, f"it does not name the run {name}")
    for name in sorted((compared | set(whole.inner)) - set(runs)):
        whole.doubt(f"{name}/{RECORD}", "the comparison names this run and it is not there")
    pinned = part_of(whole.pins)[1].get("architectures")
    if pinned is not None and (not isinstance(pinned, list) or set(map(str, pinned)) != compared):
        whole.doubt(COMPARISON, "it compares others than what the comparison was pinned to")


def _check_comparison(
    source: Source, stated: dict[str, Any], runs: dict[str, Source], whole: Verdict
) -> None:
    """Compare the comparison's own files with the sealed files of its runs."""
    if not runs:
        whole.doubt(COMPARISON, "it compares no runs")
        return
    manifests = {name: _parsed(run, MANIFEST, whole) for name, run in runs.items()}
    for name, run in runs.items():
        if _table(stated.get("architectures")).get(name) != _parsed(run, SUMMARY, whole):
            whole.doubt(COMPARISON, f"its figures of {name} are not those of {name}/{SUMMARY}")
    name, first = next(iter(manifests.items()))
    expected = _expected(first, _pins(runs[name]))
    for key, value in expected.items():
        if (key not in stated and key != _WORKLOAD) or stated.get(key) != value:
            whole.doubt(COMPARISON, f"{key} is not what its runs say")
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
        _WORKLOAD: manifest.get(_WORKLOAD),
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
        content = source.read(name, MAX_JSON_BYTES)
        parsed = json.loads(content)
    except (RunFolderError, ValueError, RecursionError):
        whole.doubt(f"{source.label}/{name}", "the file is missing or no JSON")
        return {}
    if (json.dumps(parsed, indent=1) + "\n").encode() != content:
        whole.doubt(f"{source.label}/{name}", "the file was altered: no run writes it so")
    return _table(parsed)


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


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


def _covered(source: Source, levels: int = _LEVELS) -> list[str]:
    """Files that seals name, and the ledgers themselves, of what stands inside too."""
    names = set(source.names())
    own = _sealed(source) | LEDGER_FILES
    if source.has(COMPARISON):
        own |= {COMPARISON, MANIFEST}
    inner = {
        f"{folder}/{name}"
        for folder in (_inner_folders(source) if levels and _is_comparison(source) else ())
        for name in _covered(source.inside(folder), levels - 1)
    }
    return sorted((own & names) | inner)


def _sealed(run: Source) -> set[str]:
    """Files that the seal of a ledger names."""
    if not run.has(RECORD):
        return set()
    last = run.read(RECORD).rstrip(b"\n").rpartition(b"\n")[2]
    try:
        return set(_table(_table(json.loads(last)).get("files")))
    except (ValueError, RecursionError):
        return set()

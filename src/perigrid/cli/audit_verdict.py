"""What ``perigrid audit verify`` says of one ledger: the worst first."""

from __future__ import annotations

import base64
import dataclasses
from typing import TYPE_CHECKING, Any, Final

from perigrid.cli.audit_personal import personal_lines

if TYPE_CHECKING:
    from perigrid.ledger.verdict import Verdict
    from perigrid.sim.audit_replay import Replay

SHOWN: Final = 20
"""Doubts printed for one run; ``--json`` has all."""


def document(verdict: Verdict, replay: Replay | None) -> dict[str, Any]:
    """Turn a verdict into the fields of the contract.

    Parameters
    ----------
    verdict : Verdict
        Of one run, or of a comparison as a whole.
    replay : Replay or None
        Of the same run; its doubts stand in the verdict too.

    Returns
    -------
    dict
        JSON values.
    """
    signed = verdict.checkpoint
    return {
        "run": verdict.run,
        "ok": verdict.ok,
        "doubts": [{"where": doubt.where, "what": doubt.what} for doubt in verdict.doubts],
        "uncovered": verdict.uncovered,
        "replay": None
        if replay is None
        else {
            "ok": replay.ok,
            "differs": list(replay.differs),
            "first": replay.first,
            "notes": list(replay.notes),
        },
        "records": verdict.records,
        "logs": verdict.logs,
        "checkpoint": None
        if signed is None
        else {
            "origin": signed.origin,
            "size": signed.size,
            "root": base64.b64encode(signed.root).decode(),
        },
        "signed_by": [
            {"key": one.key.encode(), "t_unix_s": one.t_unix_s} for one in verdict.signed_by
        ],
        "shown": verdict.shown,
        "gaps": verdict.gaps,
        "personal": verdict.personal,
        "people": [dataclasses.asdict(one) for one in verdict.people],
        "said": [dataclasses.asdict(one) for one in verdict.said],
        "notes": verdict.notes,
    }


def text(verdict: Verdict, replay: Replay | None) -> str:
    """Lay a verdict out for the terminal, the worst first.

    Parameters
    ----------
    verdict : Verdict
        Of one run, or of a comparison as a whole.
    replay : Replay or None
        Of the same run; its doubts stand in the verdict too.

    Returns
    -------
    str
        Several lines.
    """
    doubts = [f"doubt: {doubt.where}: {doubt.what}" for doubt in verdict.doubts[:SHOWN]]
    if len(verdict.doubts) > SHOWN:
        doubts.append(f"and {len(verdict.doubts) - SHOWN} more doubts; --json has all")
    uncovered = [f"not covered by any ledger: {name}" for name in verdict.uncovered[:SHOWN]]
    if len(verdict.uncovered) > SHOWN:
        uncovered.append(f"and {len(verdict.uncovered) - SHOWN} more files; --json has all")
    shown = [*verdict.shown, *(replay.shown if replay is not None and replay.ok else ())]
    gaps = [f"gap: {gap}" for gap in verdict.gaps]
    notes = [*verdict.notes, *(() if replay is None else replay.notes)]
    lines = [*doubts, *uncovered, *shown, *_facts(verdict), *gaps]
    said = [_head(verdict), *lines, *(f"note: {note}" for note in notes)]
    return "\n  ".join(map(_shown, said))


def _shown(line: str) -> str:
    """Spell out what a terminal would obey: a folder may hold any text."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in line
    )


def _head(verdict: Verdict) -> str:
    """Say the worst in one line."""
    few = "one file" if len(verdict.uncovered) == 1 else f"{len(verdict.uncovered)} files"
    if verdict.ok:
        but = f", but for {few} that no ledger covers" if verdict.uncovered else ""
        return f"{verdict.run}: verified{but}"
    n = len(verdict.doubts)
    return f"{verdict.run}: NOT VERIFIED: {'one doubt' if n == 1 else f'{n} doubts'}"


def _facts(verdict: Verdict) -> list[str]:
    """Say what was verified."""
    if not verdict.records:
        return []
    logs = "one log" if len(verdict.logs) == 1 else f"{len(verdict.logs)} logs"
    facts = [f"{verdict.records:,} records in {logs}"]
    if verdict.checkpoint is not None:
        facts.append(
            f"checkpoint over {verdict.checkpoint.size:,} leaves of {verdict.checkpoint.origin}"
        )
    facts += [
        f"{'signed' if one.t_unix_s is None else 'witnessed'} by {one.key.name}"
        for one in verdict.signed_by
    ]
    facts += [f"personal data: {n} {state}" for state, n in verdict.personal.items() if n]
    return [*facts, *personal_lines(verdict.people, verdict.said)]

"""What happened and was decided in a run, in one order again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from perigrid.base.messages import Acknowledge, AskApproval, Close, Compute, Move, Wait
from perigrid.ledger.run_rows import ASK, NOTED
from perigrid.ledger.source import open_source
from perigrid.ledger.table_file import Schema, read_table
from perigrid.ledger.tables import RUN_ACTIONS, RUN_EVENTS, RUN_LEGS

_KINDS: Final = {
    "move": Move.__name__,
    "compute": Compute.__name__,
    "wait": Wait.__name__,
    "close": Close.__name__,
    ASK: AskApproval.__name__,
    **dict.fromkeys(NOTED, Acknowledge.__name__),
}
_TAKEN: Final = {"Captured", "CaptureRefused"}
Told = dict[str, Any]


def told(folder: Path, names: tuple[str, ...]) -> list[Told]:
    """Put the tables of events and of decisions into one order again.

    Parameters
    ----------
    folder : Path
        The run's.
    names : tuple of str
        Of its nodes, by fleet row.

    Returns
    -------
    list of dict
        Each with ``t_s`` and ``events``, or ``decisions``: an action and a verdict each. Only that
        is here which an auditor counts.
    """
    return list(_in_order(folder, {name: row for row, name in enumerate(names)}))


def _in_order(folder: Path, rows: Mapping[str, int]) -> Iterator[Told]:
    events = _rows(folder, "events", RUN_EVENTS)
    legs: dict[int, list[Told]] = {}
    for leg in _rows(folder, "legs", RUN_LEGS):
        ends = {end: rows[leg[end]] for end in ("source", "target")}
        legs.setdefault(leg["decision"], []).append({**leg, **ends})
    heard = 0
    for row in _rows(folder, "actions", RUN_ACTIONS):
        while heard < row["heard"]:
            yield _event(next(events), rows)
            heard += 1
        action = {
            "type": _KINDS[row["kind"]],
            "job_id": row["job_id"],
            "node": rows.get(row["source"], -1),
            "target": rows.get(row["target"], -1),
            "why": row["why"],
            "age_s": row["number4"],
            "legs": legs.get(row["decision"], []),
            "delivered": not row["cause"],
        }
        verdict = {"decision": row["verdict"], "rule": row["rule"]}
        yield {"t_s": row["t_s"], "decisions": [{"action": action, "verdict": verdict}]}
    for event in events:
        yield _event(event, rows)


def _rows(folder: Path, table: str, schema: Schema) -> Iterator[Told]:
    yield from read_table(open_source(folder), table, schema).iter_rows(named=True)


def _event(row: Told, rows: Mapping[str, int]) -> Told:
    node = rows.get(row["node"], -1)
    event: Told = {"type": row["kind"]}
    if row["kind"] in _TAKEN:
        event["job"] = {"job_id": row["job_id"], "origin": node}
    elif row["job_id"] >= 0:
        kept = {name: row[name] for name in ("job_id", "stage", "leg", "outcome", "product")}
        event |= kept | {"node": node}
    return {"t_s": row["t_s"], "events": [event]}

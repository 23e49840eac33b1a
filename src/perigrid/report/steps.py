"""What the record holds of one job, as steps in order of time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.messages import Leg
from perigrid.ledger.leaf import RECORD
from perigrid.report.alternatives import Lost, lost_to
from perigrid.report.read import RunReader
from perigrid.report.run_book import RunBook, is_by_tables
from perigrid.report.terms import TERMS
from perigrid.report.words import NONE, count, exact_duration, size

Message = dict[str, Any]

_SHORT_S: Final = 1.0
"""A window that opens within this is said to be open already [s]."""
_ROUTE: Final = "feeders and lasers"
_TOLD_BY_OTHERS: Final = {"Captured", "CaptureRefused", "Moved", "TimerRang"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a job.

    Parameters
    ----------
    t_s : float
        When, after the start of the run [s].
    words : str
        What, in a sentence without a full stop.
    kind : str
        ``capture``, ``decide``, ``wait``, ``send``, ``arrive``, ``compute``, ``ask`` or ``end``.
    alternatives : tuple of Lost or None
        What was weighed beside a decision and lost; None where nothing was decided.
    again : str
        What makes it the same as another step right after it; empty if it stands for itself.
    until_s : float
        End of what it says, where that is known at once [s].
    """

    t_s: float
    words: str
    kind: str
    alternatives: tuple[Lost, ...] | None = None
    again: str = ""
    until_s: float = math.nan


def recorded_steps(run: RunReader, job_id: int, until_s: float) -> list[Step]:
    """Read a job's steps from the ledger.

    Parameters
    ----------
    run : RunReader
        Its run.
    job_id : int
        The job.
    until_s : float
        Later steps were planned and did not happen any more; they are told as plans [s].

    Returns
    -------
    list of Step
        In order of time.

    Raises
    ------
    RunFolderError
        If the ledger is missing, broken or cannot be understood.
    """
    steps: list[Step] = []
    names, raw = run.manifest.nodes, TERMS[run.manifest.workload].raw
    for t_s, message, verdict in _recorded(run, job_id):
        try:
            # What was planned beyond did not happen: it broke off, or something took its place.
            if message.get("type") in {"MoveFailed", "Wait"}:
                steps = [step for step in steps if step.t_s <= t_s]
            steps += _told(message, verdict, t_s, names, raw)
        except (KeyError, TypeError, AttributeError) as error:
            text = f"what the ledger records of job {job_id} at {t_s} s cannot be understood"
            remedy = "it was altered, or written by another version; run again"
            place = str(run.path / RECORD)
            raise RunFolderError([Problem(text, remedy, path=place)]) from error
    return [step if step.t_s <= until_s else _planned(step) for step in sorted(steps, key=_time)]


def _time(step: Step) -> float:
    return step.t_s


def _planned(step: Step) -> Step:
    return replace(step, words=f"planned, after the end of the run: {step.words}")


def _recorded(run: RunReader, job_id: int) -> Iterator[tuple[float, Message, Message]]:
    """Go through what is recorded of a job in order of time: messages with their verdicts."""
    if is_by_tables(run.source):
        yield from RunBook(run.source).messages_of(job_id)
        return
    for record in run.ledger(rf'"job_id":\s*{job_id}\b'):
        for message, verdict in _messages(record, job_id):
            yield float(record.get("t_s", math.nan)), message, verdict


def _messages(
    record: Mapping[str, Any], job_id: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for decision in record.get("decisions", []):
        subject = decision["action"].get("subject") or decision["action"]
        if subject.get("job_id") == job_id or decision["action"].get("job_id") == job_id:
            yield decision["action"], decision.get("verdict") or {}
    for event in record.get("events", []):
        if event.get("job_id") == job_id and event.get("type") not in _TOLD_BY_OTHERS:
            yield event, {}


def _told(
    message: dict[str, Any], verdict: dict[str, Any], t_s: float, names: tuple[str, ...], raw: str
) -> list[Step]:
    if verdict.get("decision") == "deny":
        words = f"refused by rule {verdict.get('rule')}: {verdict.get('reason')}"
        return [Step(t_s, words, "decide", again=f"refused by {verdict.get('rule')}", until_s=t_s)]
    match message.get("type"):
        case "Move":
            return _move(message, t_s, names, raw)
        case "Compute":
            where, stage = _name(names, message["node"]), message["stage"]
            words = f"decided: {stage} on {where} ({message['reason']})"
            return [Step(t_s, words, "decide", _lost(message, names))]
        case "Computed":
            where = _name(names, message["node"])
            doubt = "; a check finds the result suspect" if message.get("suspect") else ""
            words = f"{message['stage']} done on {where}{_seen(message)}{doubt}"
            return [Step(t_s, words, "compute")]
        case "MoveFailed" | "TaskLost":
            return [_fault(message, t_s, names)]
        case _:
            return _other(message, t_s, names)


def _fault(message: dict[str, Any], t_s: float, names: tuple[str, ...]) -> Step:
    where = _name(names, message["node"])
    if message["type"] == "TaskLost":
        kept = f"; {exact_duration(message['kept_s'])} of it is saved" if message["kept_s"] else ""
        return Step(t_s, f"a crash of {where} broke off {message['stage']}{kept}", "compute")
    why = {
        "acquisition": "the lasers did not lock",
        "away": "an end of the link was away",
        "battery": "a battery was at its floor",
    }.get(message["kind"], f"fault: {message['kind']}")
    holds = f"{where} still holds it" if message["node"] >= 0 else "no copy is left"
    return Step(t_s, f"the transfer broke off ({why}); {holds}", "send")


def _other(message: dict[str, Any], t_s: float, names: tuple[str, ...]) -> list[Step]:
    match message.get("type"):
        case "Wait":
            cause, until_s = message["cause"], message["until_s"]
            again, wait = f"{cause}: {message['reason']}", exact_duration(until_s - t_s)
            words = f"waits for {cause}, to be looked at again in {wait}: {message['reason']}"
            return [Step(t_s, words, "wait", _lost(message, names), again, until_s)]
        case "Close" if message.get("alternatives"):
            words = "decided: no way down is taken"
            return [Step(t_s, words, "decide", _lost(message, names))]
        case "AskApproval":
            also = len(message.get("acts", ())) - 1
            beside = f", with the like of {count(also)} more jobs" if also > 0 else ""
            words = f"asked a person, as rule {message['rule']} wants{beside}"
            return [Step(t_s, words, "ask")]
        case "ApprovalAnswered":
            answer = "granted" if message["granted"] else "refused"
            return [Step(t_s, f"a person {answer} it{_signers(message)}", "ask")]
        case _:
            return []


def _signers(message: Message) -> str:
    """Say in which roles, and with which keys, an answer was signed."""
    signed = [f"{one['role']}, key {one['signer']}" for one in message.get("approvals", ())]
    return f" ({'; '.join(signed)})" if signed else ""


def _move(message: dict[str, Any], t_s: float, names: tuple[str, ...], raw: str) -> list[Step]:
    what = raw if message["product"] == "raw" else "the answer"
    target = _name(names, message["target"])
    words = f"decided: send {what} to {target} ({message['reason']})"
    # What goes to another satellite is computed there: when its answer is down is not known yet.
    legs = message["legs"]
    down = bool(legs) and (legs[-1]["kind"] == "terrestrial" or _is_route_down(legs[-1]))
    lost = _lost(message, names, float(legs[-1]["t_arrival_s"]) if down else None)
    steps = [Step(t_s, words, "decide", lost)]
    for leg in legs:
        steps += _leg_steps(_leg(leg), what, names)
    return steps


def _is_route_down(leg: Mapping[str, Any]) -> bool:
    """Whether a leg is a whole route to a ground node, as answers to compute jobs take."""
    return bool(leg["contact"] < 0 and leg["kind"] == "downlink")


def _leg(record: dict[str, Any]) -> Leg:
    return Leg(**{key: value for key, value in record.items() if key != "type"})


# Waiting for the window, queueing for it, sending, arriving.
def _leg_steps(leg: Leg, what: str, names: tuple[str, ...]) -> list[Step]:
    source, target = _name(names, leg.source), _name(names, leg.target)
    over = _over(leg)
    steps = []
    wait_s = leg.t_window_s - leg.t_ready_s
    if wait_s > _SHORT_S:
        words = f"{source} waits {exact_duration(wait_s)} for the {over} to {target} to open"
        steps.append(Step(leg.t_ready_s, words, "wait"))
    queue_s = leg.t_start_s - max(leg.t_window_s, leg.t_ready_s)
    if queue_s > _SHORT_S:
        busy = "the line is" if over == _ROUTE else f"a {over} window is open, but"
        words = f"{busy} busy or full for {exact_duration(queue_s)}"
        steps.append(Step(max(leg.t_window_s, leg.t_ready_s), words, "wait"))
    took = exact_duration(leg.t_end_s - leg.t_start_s)
    sent = f"{source} sends {what} ({size(leg.nbytes)}) to {target} by {over}, {took}"
    steps.append(Step(leg.t_start_s, sent, "send"))
    steps.append(Step(leg.t_arrival_s, f"{what} arrived at {target}", "arrive"))
    return steps


def _over(leg: Leg) -> str:
    """Say what carries a leg; without a contact it is fibre, or a route over the whole network."""
    if leg.kind == "terrestrial":
        return "fibre"
    return leg.kind if leg.contact >= 0 else _ROUTE


def _seen(message: dict[str, Any]) -> str:
    found = message["outcome"]
    return "" if found is None else f": it found {found:.0%}"


def _lost(
    message: dict[str, Any], names: tuple[str, ...], arrives_s: float | None = None
) -> tuple[Lost, ...]:
    return lost_to(message, lambda row: _name(names, row), arrives_s)


def _name(names: tuple[str, ...], row: int) -> str:
    if 0 <= row < len(names):
        return names[row]
    return f"node {count(row)}" if row >= 0 else NONE

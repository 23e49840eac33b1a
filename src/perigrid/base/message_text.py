"""Messages straight to the text that is hashed, for those that fill a record.

What a record says of a message is ``canonical_json(encode(message))``, and most messages are
written that way. Those that stand in every second line have their text spelled out here, keys in
order: the same text without the JSON values in between. ``tests/base/test_message_text.py`` holds
the two to each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from typing import Any, Final

from perigrid.base.approvals import SignedApproval
from perigrid.base.codec import canonical_json, encode
from perigrid.base.jobs import Job
from perigrid.base.messages import (
    Alternative,
    ApprovalAnswered,
    AskApproval,
    Captured,
    Close,
    Compute,
    Computed,
    Leg,
    Move,
    Moved,
    Verdict,
    Wait,
)


def message_text(message: object) -> str:
    """Write a message as a record holds it.

    Parameters
    ----------
    message : object
        As for :func:`perigrid.base.codec.encode`.

    Returns
    -------
    str
        The canonical JSON of what ``encode`` makes of it.

    Raises
    ------
    ValueError
        If a number is none, or infinite.
    """
    return _SPELLED.get(type(message), _encoded)(message)


def messages_text(messages: Iterable[object]) -> str:
    """Write messages as a record holds them.

    Parameters
    ----------
    messages : iterable of object
        In order.

    Returns
    -------
    str
        A canonical JSON array.
    """
    return f"[{','.join([_SPELLED.get(type(one), _encoded)(one) for one in messages])}]"


def unsigned_text(document: object) -> str:
    """Write a signed document without its signature, as the signature covers it.

    Parameters
    ----------
    document : object
        A message with a ``signature``.

    Returns
    -------
    str
        The canonical JSON of every other field.

    Raises
    ------
    ValueError
        If a number is none, or infinite.
    """
    if type(document) is SignedApproval:
        return _approval(document, signed=False)
    body = encode(document)
    del body["signature"]
    return canonical_json(body)


def number_text(value: float) -> str:
    """Write a floating-point number, or whatever stands in its place.

    Parameters
    ----------
    value : float
        Finite, in any unit.

    Returns
    -------
    str
        Canonical JSON: the shortest digits that give the same number.
    """
    return repr(value) if type(value) is float and isfinite(value) else canonical_json(value)


def _whole(value: int) -> str:
    return repr(value) if type(value) is int else canonical_json(value)


def _flag(value: object) -> str:
    return "true" if value is True else "false" if value is False else canonical_json(value)


def _encoded(message: object) -> str:
    return canonical_json(encode(message))


_json: Final = canonical_json
_real: Final = number_text


def _job(job: Job) -> str:
    if not job.is_usual:
        return _encoded(job)
    return (
        f'{{"area_m2":{_real(job.area_m2)},"data_class":{_json(job.data_class)},'
        f'"deadline_s":{_real(job.deadline_s)},"job_id":{_whole(job.job_id)},'
        f'"latitude_rad":{_real(job.latitude_rad)},"longitude_rad":{_real(job.longitude_rad)},'
        f'"origin":{_whole(job.origin)},"raw_bytes":{_real(job.raw_bytes)},'
        f'"scene":{_whole(job.scene)},"t_capture_s":{_real(job.t_capture_s)},'
        f'"target":{_whole(job.target)},"type":"Job"}}'
    )


def _captured(event: Captured) -> str:
    return f'{{"job":{message_text(event.job)},"t_s":{_real(event.t_s)},"type":"Captured"}}'


def _computed(event: Computed) -> str:
    outcome = "null" if event.outcome is None else _real(event.outcome)
    return (
        f'{{"job_id":{_whole(event.job_id)},"node":{_whole(event.node)},'
        f'"outcome":{outcome},"stage":{_json(event.stage)},'
        f'"suspect":{_flag(event.suspect)},"t_s":{_real(event.t_s)},"type":"Computed"}}'
    )


def _moved(event: Moved) -> str:
    return (
        f'{{"job_id":{_whole(event.job_id)},"node":{_whole(event.node)},'
        f'"product":{_json(event.product)},"t_s":{_real(event.t_s)},"type":"Moved"}}'
    )


def _leg(leg: Leg) -> str:
    return (
        f'{{"contact":{_whole(leg.contact)},"kind":{_json(leg.kind)},'
        f'"nbytes":{_real(leg.nbytes)},"source":{_whole(leg.source)},'
        f'"t_arrival_s":{_real(leg.t_arrival_s)},"t_end_s":{_real(leg.t_end_s)},'
        f'"t_ready_s":{_real(leg.t_ready_s)},"t_start_s":{_real(leg.t_start_s)},'
        f'"t_window_s":{_real(leg.t_window_s)},"target":{_whole(leg.target)},"type":"Leg"}}'
    )


def _alternative(one: Alternative) -> str:
    when = "null" if one.t_answer_s is None else _real(one.t_answer_s)
    return (
        f'{{"node":{_whole(one.node)},"t_answer_s":{when},"type":"Alternative",'
        f'"why":{_json(one.why)}}}'
    )


def _lost(alternatives: Sequence[Alternative]) -> str:
    """Begin an action with what lost, if anything did."""
    return f'"alternatives":{messages_text(alternatives)},' if alternatives else ""


def _move(action: Move) -> str:
    return (
        f'{{{_lost(action.alternatives)}"job_id":{_whole(action.job_id)},'
        f'"legs":{messages_text(action.legs)},"product":{_json(action.product)},'
        f'"reason":{_json(action.reason)},"source":{_whole(action.source)},'
        f'"target":{_whole(action.target)},"type":"Move"}}'
    )


def _compute(action: Compute) -> str:
    return (
        f'{{{_lost(action.alternatives)}"job_id":{_whole(action.job_id)},'
        f'"node":{_whole(action.node)},"reason":{_json(action.reason)},'
        f'"stage":{_json(action.stage)},"type":"Compute"}}'
    )


def _wait(action: Wait) -> str:
    return (
        f'{{{_lost(action.alternatives)}"cause":{_json(action.cause)},'
        f'"job_id":{_whole(action.job_id)},"reason":{_json(action.reason)},"type":"Wait",'
        f'"until_s":{_real(action.until_s)}}}'
    )


def _close(action: Close) -> str:
    return (
        f'{{{_lost(action.alternatives)}"delivered":{_flag(action.delivered)},'
        f'"detail":{_json(action.detail)},"job_id":{_whole(action.job_id)},'
        f'"reason":{_json(action.reason)},"type":"Close"}}'
    )


def _asked(action: AskApproval) -> str:
    acts = f'"acts":{_json(action.acts)},' if action.acts else ""
    return (
        f'{{{acts}"asked_s":{_real(action.asked_s)},"evidence":{_json(action.evidence)},'
        f'"expires_s":{_real(action.expires_s)},"job_id":{_whole(action.job_id)},'
        f'"people":{_whole(action.people)},"roles":{_json(action.roles)},'
        f'"rule":{_json(action.rule)},"subject":{message_text(action.subject)},'
        f'"subject_hash":{_json(action.subject_hash)},"type":"AskApproval"}}'
    )


def _answered(event: ApprovalAnswered) -> str:
    jobs = f'"jobs":{_json(event.jobs)},' if event.jobs else ""
    return (
        f'{{"approvals":{messages_text(event.approvals)},"granted":{_flag(event.granted)},'
        f'"job_id":{_whole(event.job_id)},{jobs}"t_s":{_real(event.t_s)},"type":"ApprovalAnswered"}}'
    )


def _approval(approval: SignedApproval, *, signed: bool = True) -> str:
    signature = f'"signature":{_json(approval.signature)},' if signed else ""
    return (
        f'{{"answer":{_json(approval.answer)},"evidence":{_json(approval.evidence)},'
        f'"expires_s":{_real(approval.expires_s)},"nonce":{_json(approval.nonce)},'
        f'"role":{_json(approval.role)},{signature}'
        f'"signed_at_s":{_real(approval.signed_at_s)},"signer":{_json(approval.signer)},'
        f'"subject":{_json(approval.subject)},"type":"SignedApproval"}}'
    )


def _verdict(verdict: Verdict) -> str:
    return (
        f'{{"decision":{_json(verdict.decision)},"reason":{_json(verdict.reason)},'
        f'"rule":{_json(verdict.rule)},"type":"Verdict"}}'
    )


_SPELLED: Final[dict[type, Callable[[Any], str]]] = {
    Job: _job,
    Captured: _captured,
    Computed: _computed,
    Moved: _moved,
    Leg: _leg,
    Alternative: _alternative,
    Move: _move,
    Compute: _compute,
    Wait: _wait,
    Close: _close,
    Verdict: _verdict,
    AskApproval: _asked,
    ApprovalAnswered: _answered,
    SignedApproval: _approval,
}

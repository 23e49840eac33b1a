"""Whether a job may be done at a place: verdicts of its class, people's grants, envelopes."""

from __future__ import annotations

from typing import Final

from perigrid.control.dispatch.arrays import Sight
from perigrid.control.policy.classes import ANSWER, BRING, PROCESS
from perigrid.control.policy.verdicts import ALLOW, ASK, STRICTNESS
from perigrid.physics.compiled import part

FORBIDDEN: Final = -2
PEOPLE: Final = -1
"""A person has to be asked first."""
FREE: Final = 0
GRANTED: Final = 1
"""People allowed it. This, and the numbers of envelopes, are the numbers of rules in a record."""
ENVELOPES: Final = 2
"""Number of the first envelope; the gate's rules follow the last."""
_ASK, _ALLOW = STRICTNESS[ASK], STRICTNESS[ALLOW]


@part
def span_at(w: Sight, law: int, t_s: float) -> int:
    """Find the span of verdicts in which a time lies.

    Parameters
    ----------
    w : Sight
        Verdicts.
    law : int
        Class of jobs.
    t_s : float
        Time [s].

    Returns
    -------
    int
        Row of the spans.
    """
    span = w.first[law]
    while span + 1 < w.first[law + 1] and w.spans[span + 1].begins_s <= t_s:
        span += 1
    return int(span)


@part
def leave_for(
    w: Sight, t_s: float, span: int, job: int, s: int, down: int, left_s: float
) -> tuple[int, int]:
    """Say by whose leave a job may be brought to a satellite, done there and answered.

    Parameters
    ----------
    w : Sight
        Verdicts, grants, envelopes.
    t_s : float
        Now [s].
    span : int
        From :func:`span_at`.
    job, s : int
        Job and satellite.
    down : int
        Ground node that the answer will go to; negative if that is not known.
    left_s : float
        Work left, at full speed of one slot [s].

    Returns
    -------
    leave : int
        :data:`FREE`, :data:`GRANTED`, number of an envelope, :data:`PEOPLE` or :data:`FORBIDDEN`.
    rule : int
        Number of the rule that decided: of the three acts the strictest, and the first of those.
    """
    place, receiver = w.node_class[s], -1 if down < 0 else w.node_class[down]
    decision, rule = _strictest(w, span, place, receiver)
    if decision != _ASK:
        return (FREE if decision == _ALLOW else FORBIDDEN), rule
    mine = w.jobs[job]
    granted = mine.granted_span == span and mine.granted_place == place
    if granted and mine.granted_receiver == receiver and t_s < mine.granted_until_s:
        return GRANTED, GRANTED
    for row in range(len(w.envelopes)):
        if _holds(w, row, t_s, span, job, place, receiver, left_s):
            return ENVELOPES + row, ENVELOPES + row
    return (FORBIDDEN if mine.refused > 0 else PEOPLE), rule


@part
def _strictest(w: Sight, span: int, place: int, receiver: int) -> tuple[int, int]:
    """Decision on all acts of a job at a place, and the rule that made it."""
    said = w.verdicts[span, place, BRING]
    decision, rule = int(said.decision), int(said.rule)
    said = w.verdicts[span, place, PROCESS]
    if said.decision < decision:
        decision, rule = int(said.decision), int(said.rule)
    if receiver >= 0:
        said = w.verdicts[span, place, ANSWER + receiver]
        if said.decision < decision:
            decision, rule = int(said.decision), int(said.rule)
    return decision, rule


@part
def _holds(
    w: Sight, row: int, t_s: float, span: int, job: int, place: int, receiver: int, left_s: float
) -> bool:
    """Whether an envelope in force holds all that people would be asked about, and has room."""
    one = w.envelopes[row]
    if t_s < one.opens_s or t_s < one.from_s or t_s >= one.until_s:
        return False
    for act in (BRING, PROCESS, ANSWER + receiver):
        # Where it is not known where the answer goes, the last is one of the others again.
        asked = w.verdicts[span, place, act].decision == _ASK
        if asked and w.inside[row, span, place, act] == 0:
            return False
    count, nbytes, energy_j = _use(w, span, job, place, receiver, left_s)
    return bool(
        one.used_count + count <= one.most_count
        and one.used_nbytes + nbytes <= one.most_nbytes
        and one.used_energy_j + energy_j <= one.most_energy_j
    )


@part
def _use(
    w: Sight, span: int, job: int, place: int, receiver: int, left_s: float
) -> tuple[float, float, float]:
    """Acts, bytes and energy that people would be asked about [1, B, J]."""
    count, nbytes, energy_j = 0.0, 0.0, 0.0
    if w.verdicts[span, place, BRING].decision == _ASK:
        count += 1.0
        nbytes += w.jobs[job].input_bytes
    if w.verdicts[span, place, PROCESS].decision == _ASK:
        count += 1.0
        energy_j += left_s * w.con[0].extra_w / w.con[0].slots
    if receiver >= 0 and w.verdicts[span, place, ANSWER + receiver].decision == _ASK:
        count += 1.0
        nbytes += w.jobs[job].output_bytes
    return count, nbytes, energy_j


@part
def take_leave(w: Sight, leave: int, span: int, job: int, s: int, down: int, left_s: float) -> None:
    """Note by whose leave a job goes to a satellite, and use up what it takes of an envelope.

    Parameters
    ----------
    w : Sight
        Changed in place.
    leave : int
        From :func:`leave_for`.
    span, job, s, down, left_s
        As given there.
    """
    mine, receiver = w.jobs[job], -1 if down < 0 else w.node_class[down]
    mine.leave_span, mine.leave_receiver, mine.leave_until_s = span, receiver, -1.0
    if leave == GRANTED:
        mine.leave_until_s = mine.granted_until_s
    elif leave >= ENVELOPES:
        one = w.envelopes[leave - ENVELOPES]
        mine.leave_until_s = one.until_s
        count, nbytes, energy_j = _use(w, span, job, w.node_class[s], receiver, left_s)
        one.used_count += count
        one.used_nbytes += nbytes
        one.used_energy_j += energy_j


@part
def may_still(w: Sight, t_s: float, job: int, s: int, act: int) -> bool:
    """Say whether an act of a job may begin now, by the rules or the leave it was given.

    Parameters
    ----------
    w : Sight
        Verdicts and leave.
    t_s : float
        Now [s].
    job, s : int
        Job and satellite.
    act : int
        :data:`~perigrid.control.policy.classes.PROCESS`, or an answer.

    Returns
    -------
    bool
        False once a rule closes the place, or the leave has ended.
    """
    mine = w.jobs[job]
    span = span_at(w, mine.law, t_s)
    decision = w.verdicts[span, w.node_class[s], act].decision
    if decision != _ASK:
        return bool(decision == _ALLOW)
    meant = act == PROCESS or act == ANSWER + mine.leave_receiver
    return bool(meant and span == mine.leave_span and t_s < mine.leave_until_s)

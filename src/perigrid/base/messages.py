"""What happened (events), what is wanted (actions), what was judged (verdicts).

Events go into the controller, authorised actions come out; both are plain frozen data so that a
recorded run can be replayed through a fresh controller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from perigrid.base.approvals import SignedApproval, SignedOrder
from perigrid.base.jobs import OF_OTHER_WORK, Cause, Job, Product

_OF_MANY: Final = {OF_OTHER_WORK: True}

# ------------------------------------------------------------------ events


@dataclass(frozen=True, slots=True)
class Captured:
    """A satellite took an observation and holds its raw pixels."""

    t_s: float
    job: Job


@dataclass(frozen=True, slots=True)
class Computed:
    """A stage ended on a node. ``outcome`` is what it found, from 0 to 1; None if it has none [1].

    A ``suspect`` result failed a check: the pixels are still there to compute it again.
    """

    t_s: float
    job_id: int
    node: int
    stage: str
    outcome: float | None
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A product arrived whole at the end of its route."""

    t_s: float
    job_id: int
    node: int
    product: Product


@dataclass(frozen=True, slots=True)
class TimerRang:
    """The time a waiting job asked to be looked at again."""

    t_s: float
    job_id: int


REPORT_INTERVAL_S: Final = 300.0
"""How often satellites report their state to the controller (assumed). [s]"""


@dataclass(frozen=True, slots=True)
class StateReported:
    """Telemetry of every computing satellite, in fleet order."""

    t_s: float
    battery_j: tuple[float, ...]
    computer_k: tuple[float, ...]
    radiator_k: tuple[float, ...]
    storage_bytes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ApprovalAnswered:
    """People answered a request for approval of one action.

    ``granted`` is how it ended, the signed answers count; ``jobs`` were asked about together.
    """

    t_s: float
    job_id: int
    granted: bool
    approvals: tuple[SignedApproval, ...] = ()
    jobs: tuple[int, ...] = field(default=(), metadata=_OF_MANY)


@dataclass(frozen=True, slots=True)
class EnvelopeAnswered:
    """People answered a request for approval of an envelope."""

    t_s: float
    envelope: str
    approvals: tuple[SignedApproval, ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """A person gave an order: stop, resume or override."""

    t_s: float
    order: SignedOrder


@dataclass(frozen=True, slots=True)
class AuthorityExpired:
    """A job's act was not begun: its authority had expired, or a stop had reached its node."""

    t_s: float
    job_id: int
    node: int


@dataclass(frozen=True, slots=True)
class CaptureRefused:
    """An observation was lost at the shutter: storage was full, or a fault kept it shut."""

    t_s: float
    job: Job
    cause: Cause = Cause.STORAGE


@dataclass(frozen=True, slots=True)
class NodeFailed:
    """A node neither computes, sends nor receives: ``crash``, ``loss``, ``station``, ``weather``.

    ``wiped`` if it will not come back and what it stored is gone.
    """

    t_s: float
    node: int
    kind: str
    wiped: bool


@dataclass(frozen=True, slots=True)
class NodeRepaired:
    """A node works again; nothing else keeps it away."""

    t_s: float
    node: int


@dataclass(frozen=True, slots=True)
class MoveFailed:
    """A product did not arrive: leg number ``leg`` of its way broke off by a fault of a ``kind``.

    ``node`` holds the product, whole; -1 if no copy is left.
    """

    t_s: float
    job_id: int
    node: int
    leg: int
    kind: str


@dataclass(frozen=True, slots=True)
class TaskLost:
    """A crash threw a stage out of a node's queue; ``kept_s`` of its work is saved there [s]."""

    t_s: float
    job_id: int
    node: int
    stage: str
    kept_s: float


JobEvent = (
    Captured
    | CaptureRefused
    | Computed
    | Moved
    | MoveFailed
    | TaskLost
    | TimerRang
    | ApprovalAnswered
    | AuthorityExpired
)
NodeEvent = NodeFailed | NodeRepaired
Event = JobEvent | NodeEvent | StateReported | EnvelopeAnswered | Ordered

# ------------------------------------------------------------------ actions


@dataclass(frozen=True, slots=True)
class Leg:
    """One booked transmission: ``nbytes`` over a contact, from first bit out to last bit in.

    Parameters
    ----------
    contact : int
        Row in the Outlook's contacts; -1 for terrestrial fibre, and for a whole route of a run
        whose satellites and ground nodes are joined by routes.
    kind : str
        ``downlink``, ``crosslink``, ``relay`` or ``terrestrial``.
    source, target : int
        Fleet rows.
    t_ready_s, t_start_s, t_end_s, t_arrival_s : float
        Ready to send, first bit sent, last bit sent, last bit received [s].
    t_window_s : float
        When the window opened (or ``t_ready_s`` if it was open already), or an earlier one that
        could have carried it and had no room left [s].
    nbytes : float
        Size [B].
    """

    contact: int
    kind: str
    source: int
    target: int
    t_ready_s: float
    t_window_s: float
    t_start_s: float
    t_end_s: float
    t_arrival_s: float
    nbytes: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """What was weighed beside a decision and why it lost.

    Parameters
    ----------
    node : int
        Fleet row of the satellite that could have computed, or of the ground node a way down could
        have ended at; -1 for several that are told together.
    t_answer_s : float or None
        When the answer (of a way: what is sent) would be at a data centre; None if that was not
        worked out or never [s].
    why : str
        Why it lost.
    """

    node: int
    t_answer_s: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Move:
    """Carry a product of a job over booked legs."""

    job_id: int
    product: Product
    source: int
    target: int
    legs: tuple[Leg, ...]
    reason: str
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Compute:
    """Run a stage of a job on a node, from its queue."""

    job_id: int
    node: int
    stage: str
    reason: str
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """Look at a job again at ``until_s``; ``cause`` is what it waits for."""

    job_id: int
    until_s: float
    cause: Cause
    reason: str
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Close:
    """End a job: delivered, or missed with the cause in words.

    ``reason`` of a missed job is ``cloud`` when the detector's answer dropped it, else the cause
    that stands in its way now; what it waited for longest stands in the books.
    """

    job_id: int
    delivered: bool
    reason: str
    detail: str
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class AskApproval:
    """Ask people about an action that a rule reserves to them.

    Parameters
    ----------
    job_id : int
        Whose action.
    rule : str
        Which rule.
    subject : Move or Compute
        What is wanted.
    subject_hash : str
        What approvals are bound to, from :func:`perigrid.base.digest.action_hash`.
    evidence : str
        Digest of what is known of the job; an approval given on anything else does not count.
    asked_s, expires_s : float
        From when answers count, and when the last approval ends [s].
    people : int
        How many distinct persons must grant it.
    roles : tuple of str
        Roles that must be among them; empty for any.
    acts : tuple of (int, int, int)
        Job, source and target of every act that it asks about; empty for the subject alone.
    """

    job_id: int
    rule: str
    subject: Move | Compute
    subject_hash: str = ""
    evidence: str = ""
    asked_s: float = 0.0
    expires_s: float = 0.0
    people: int = 1
    roles: tuple[str, ...] = ()
    acts: tuple[tuple[int, int, int], ...] = field(default=(), metadata=_OF_MANY)


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Take note of an order, or of approvals of an envelope; belongs to no job.

    Parameters
    ----------
    job_id : int
        -1.
    what : str
        ``stop``, ``resume``, ``override`` or ``envelope``.
    detail : str
        In words.
    """

    job_id: int
    what: str
    detail: str


Action = Move | Compute | Wait | Close | AskApproval | Acknowledge

# ------------------------------------------------------------------ verdicts


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy gate said: ``allow``, ``deny`` or ``ask``, by which rule and why."""

    decision: str
    rule: str
    reason: str


def jobs_of(action: Action) -> tuple[int, ...]:
    """List the jobs that an action is about.

    Parameters
    ----------
    action : Action
        Any.

    Returns
    -------
    tuple of int
        Several of a request about many acts; -1 for none.
    """
    acts = action.acts if isinstance(action, AskApproval) else ()
    return tuple(job for job, _, _ in acts) or (action.job_id,)


def is_stale(event: Event, doing: Mapping[int, Action]) -> bool:
    """Say whether an event is of a wait that a decision has ended, or of a move it has withdrawn.

    Parameters
    ----------
    event : Event
        Any.
    doing : mapping of int to Action
        What each job is busy with.

    Returns
    -------
    bool
        False for all but timers and arrivals.
    """
    if isinstance(event, Moved):
        move = doing.get(event.job_id)
        return not isinstance(move, Move) or move.legs[-1].t_arrival_s > event.t_s
    if not isinstance(event, TimerRang):
        return False
    waits = doing.get(event.job_id)
    return not isinstance(waits, Wait) or waits.until_s > event.t_s

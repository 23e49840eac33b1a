"""What happened (events), what is wanted (actions), what was judged (verdicts).

Events go into the controller, authorised actions come out; both are plain frozen data so that a
recorded run can be replayed through a fresh controller.
"""

from __future__ import annotations

from dataclasses import dataclass

from perigrid.base.jobs import Cause, Job, Product, StageName

# ------------------------------------------------------------------ events


@dataclass(frozen=True, slots=True)
class Captured:
    """A satellite took an observation and holds its raw pixels."""

    t_s: float
    job: Job


@dataclass(frozen=True, slots=True)
class Computed:
    """A stage ended on a node. ``cloud_seen`` is the detector's cloud fraction after ``screen``.

    A ``suspect`` result failed a check: the pixels are still there to compute it again.
    """

    t_s: float
    job_id: int
    node: int
    stage: StageName
    cloud_seen: float
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
    """A person answered a request for approval of one action."""

    t_s: float
    job_id: int
    granted: bool


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
    stage: StageName
    kept_s: float


Event = (
    Captured
    | Computed
    | Moved
    | TimerRang
    | StateReported
    | ApprovalAnswered
    | CaptureRefused
    | NodeFailed
    | NodeRepaired
    | MoveFailed
    | TaskLost
)

# ------------------------------------------------------------------ actions


@dataclass(frozen=True, slots=True)
class Leg:
    """One booked transmission: ``nbytes`` over a contact, from first bit out to last bit in.

    Parameters
    ----------
    contact : int
        Row in the Outlook's contacts; -1 for terrestrial fibre.
    kind : str
        ``downlink``, ``crosslink``, ``relay`` or ``terrestrial``.
    source, target : int
        Fleet rows.
    t_ready_s, t_start_s, t_end_s, t_arrival_s : float
        Ready to send, first bit sent, last bit sent, last bit received [s].
    t_window_s : float
        When the window opened (or ``t_ready_s`` if it was open already) [s].
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
class Move:
    """Carry a product of a job over booked legs."""

    job_id: int
    product: Product
    source: int
    target: int
    legs: tuple[Leg, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Compute:
    """Run a stage of a job on a node, from its queue."""

    job_id: int
    node: int
    stage: StageName
    reason: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Look at a job again at ``until_s``; ``cause`` is what it waits for."""

    job_id: int
    until_s: float
    cause: Cause
    reason: str


@dataclass(frozen=True, slots=True)
class Close:
    """End a job: delivered, or missed with the cause in words.

    ``reason`` of a missed job is ``cloud`` when the detector's answer dropped it, else a cause.
    """

    job_id: int
    delivered: bool
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class AskApproval:
    """Ask a person about an action that a rule reserves to people."""

    job_id: int
    rule: str
    subject: Move | Compute


Action = Move | Compute | Wait | Close | AskApproval

# ------------------------------------------------------------------ verdicts


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy gate said: ``allow``, ``deny`` or ``ask``, by which rule and why."""

    decision: str
    rule: str
    reason: str

"""After a fault: what the decision core knows of it, and what becomes of the jobs it struck.

The core hears that a node is away when it shows, and that it is back when it is. How long it will
stay away nobody knows: times away are exponential, so that the best guess is at any moment the mean
time from then on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from perigrid.base.jobs import Cause, Job, Product
from perigrid.base.messages import (
    REPORT_INTERVAL_S,
    Action,
    Close,
    Computed,
    Leg,
    Move,
    MoveFailed,
    NodeFailed,
    NodeRepaired,
    TaskLost,
    Wait,
)
from perigrid.control.contact_plan import Open
from perigrid.control.scheduling.base import Belief
from perigrid.scenario.faults import Faults, Recovery

Hosts = Callable[[int], bool]

NOWHERE: Final = -1
ACQUISITION: Final = "acquisition"
LOOKS_PER_REPAIR: Final = 4.0
"""How often a job that waits for a node looks whether it is back, in its mean time away. [1]"""

SHORTEST_WAIT_S: Final = 1.0
ELSEWHERE: Final = "elsewhere"
ACCEPT: Final = "accept"


@dataclass(slots=True)
class FaultHistory:
    """What faults did to a job.

    Parameters
    ----------
    struck : bool
        Whether any fault undid something of it.
    tries : int
        How often a stage was begun again.
    leave : int
        Node that it shall leave before it is computed; :data:`NOWHERE` for none. It counts until
        the pixels were on their way, for people may be asked first.
    goal : int
        Where it was to go then, so that what people are asked about stays the same.
    stay : bool
        Whether it is to be computed where it is, whatever a scheduler would choose.
    """

    struck: bool = False
    tries: int = 0
    leave: int = NOWHERE
    goal: int = NOWHERE
    stay: bool = False

    def set_out(self) -> None:
        """Note that the pixels were on their way: nothing has to be left any more."""
        self.leave = self.goal = NOWHERE


@dataclass(slots=True)
class Outages:
    """Which nodes are away, suspect or in quarantine, as far as the core has heard.

    Parameters
    ----------
    faults : Faults or None
        Mean times away, as the fleet's statistics tell them.
    policy : Recovery
        What is done.
    away : dict of int to str
        By fleet row, the fault that keeps a node away.
    lost : set of int
        Nodes that will not come back.
    suspicions : Counter of int
        Suspect results by node since its last quarantine.
    quarantine_s : dict of int to float
        When each node's quarantine ends [s].
    quarantines : int
        How often a node was put there.
    unpowered_s : dict of int to float
        Until when a satellite that had no energy to send is not tried again [s].
    """

    faults: Faults | None = None
    policy: Recovery = field(default_factory=Recovery)
    away: dict[int, str] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    suspicions: Counter[int] = field(default_factory=Counter)
    quarantine_s: dict[int, float] = field(default_factory=dict)
    quarantines: int = 0
    unpowered_s: dict[int, float] = field(default_factory=dict)

    # ------------------------------------------------------------------ what happened

    def learn(self, event: NodeFailed | NodeRepaired, belief: Belief) -> None:
        """Take in that a node went away or came back.

        Parameters
        ----------
        event : NodeFailed or NodeRepaired
            Which, and when.
        belief : Belief
            Its contact plan and queues are changed.
        """
        node, now_s = event.node, event.t_s
        if isinstance(event, NodeRepaired):
            self.away.pop(node, None)
            back_s = float("-inf")
            free_s = max(now_s, self.quarantine_s.get(node, now_s))
        elif event.wiped:
            self.lost.add(node)
            back_s = free_s = float("inf")
        else:
            self.away[node] = event.kind
            back_s = free_s = now_s + self.mean_away_s(event.kind)
        belief.plan.exclude_node(node, back_s)
        if node < belief.fleet.n_satellites:
            belief.block(node, free_s)

    def mean_away_s(self, kind: str) -> float:
        """Mean time that a fault keeps a node away.

        Parameters
        ----------
        kind : str
            As in :class:`~perigrid.base.messages.NodeFailed`.

        Returns
        -------
        float
            Infinity for a loss [s].
        """
        if self.faults is None or kind == "loss":
            return float("inf")
        return {
            "crash": self.faults.crash_repair_s,
            "station": self.faults.station_repair_s,
            "weather": self.faults.weather_lasts_s,
        }[kind]

    def move_failed(
        self, event: MoveFailed, move: Move, job: Job, history: FaultHistory, belief: Belief
    ) -> None:
        """Give back what a move had booked, and plan around what broke it.

        Parameters
        ----------
        event : MoveFailed
            Which leg, by which fault.
        move : Move
            As it was authorised.
        job : Job
            The observation.
        history : FaultHistory
            Of the job.
        belief : Belief
            Its contact plan and storage are changed.
        """
        history.struck |= event.kind != Cause.BATTERY
        if move.product is Product.RAW:
            history.set_out()
            belief.storage.cancel(job.job_id)
            if event.node not in (NOWHERE, move.source):
                belief.storage.relocate(job.job_id, event.node, job.raw_bytes)
        belief.plan.release(move.legs[event.leg :], event.t_s)
        leg = move.legs[event.leg]
        if event.kind == ACQUISITION:
            belief.plan.exclude_contact(leg)
        elif event.kind == Cause.BATTERY:
            node = _emptier(leg, belief)
            self.unpowered_s[node] = event.t_s + REPORT_INTERVAL_S
            belief.plan.exclude_node(node, event.t_s + REPORT_INTERVAL_S)
        for node in (leg.source, leg.target):
            if node in self.away:  # still away: the mean time from now on
                belief.plan.exclude_node(node, event.t_s + self.mean_away_s(self.away[node]))

    def task_lost(self, event: TaskLost, history: FaultHistory) -> None:
        """Note that a crash threw out a job's stage.

        Parameters
        ----------
        event : TaskLost
            Where.
        history : FaultHistory
            Of the job.
        """
        history.struck = True
        history.tries += 1
        history.stay = self.policy.on_failure != ELSEWHERE
        history.leave = NOWHERE if history.stay else event.node

    def suspect(self, event: Computed, history: FaultHistory, belief: Belief) -> bool:
        """Take in a suspect result.

        Parameters
        ----------
        event : Computed
            Suspect.
        history : FaultHistory
            Of the job.
        belief : Belief
            For the pixels' ways, which keep out of a node in quarantine.

        Returns
        -------
        bool
            Whether the result is thrown away, to be computed again.
        """
        node, policy = event.node, self.policy
        self.suspicions[node] += 1
        if 0 < policy.quarantine_after <= self.suspicions[node]:
            self.suspicions[node] = 0
            self.quarantines += 1
            self.quarantine_s[node] = until_s = event.t_s + policy.quarantine_s
            # Schedulers send nothing to a satellite that has so much to do.
            belief.block(node, max(until_s, float(belief.busy_until_s[node])))
        if policy.on_suspicion == ACCEPT:
            return False
        history.struck = True
        history.tries += 1
        history.stay = policy.on_suspicion != ELSEWHERE
        history.leave = NOWHERE if history.stay else node
        return True

    # ------------------------------------------------------------------ what is wanted

    def step(
        self, job: Job, holder: int, history: FaultHistory, belief: Belief, hosts: Hosts | None
    ) -> Action | None:
        """Say what faults leave to do for a job.

        Parameters
        ----------
        job : Job
            The observation.
        holder : int
            Fleet row that holds its product; :data:`NOWHERE` if none is left.
        history : FaultHistory
            What faults did to it; changed.
        belief : Belief
            The fleet now.
        hosts : callable or None
            Tells which satellites may do its next stage; None if none is due in orbit.

        Returns
        -------
        Close, Wait, Move or None
            None if no fault stands against its next step.
        """
        if holder in self.lost or holder == NOWHERE:
            return _give_up(job, "what it had was lost with its satellite")
        if hosts is not None and history.tries > self.policy.retries:
            return _give_up(job, f"begun again {self.policy.retries} times, and failed again")
        if holder in self.away:
            kind = self.away[holder]
            look_s = self.mean_away_s(kind) / LOOKS_PER_REPAIR
            return _wait(job, belief.t_s + look_s, f"its node is away by a {kind}", belief)
        if hosts is None:
            dark_s = self.unpowered_s.get(holder, float("-inf"))
            why = "the battery of its satellite is at its floor: nothing is sent"
            dark = dark_s > belief.t_s and job.deadline_s > belief.t_s
            return Wait(job.job_id, dark_s, Cause.BATTERY, why) if dark else None
        until_s = self.quarantine_s.get(holder, float("-inf"))
        shunned = until_s > belief.t_s
        if history.leave == holder or shunned:
            reason = "its satellite failed at it; no other could begin sooner than this one"
            work_s = partial(belief.work_s, job=job)
            move = self.to_host(job, holder, history, belief, hosts, work_s, reason)
            if move is not None:
                return move
            history.set_out()
        return _wait(job, until_s, "its satellite is in quarantine", belief) if shunned else None

    def wait_for_recovery(
        self,
        job: Job,
        holder: int,
        nbytes: float,
        nodes: Open,
        history: FaultHistory,
        belief: Belief,
    ) -> Wait | None:
        """Wait for a node that is away if only with it a product could still come in time.

        Parameters
        ----------
        job : Job
            The observation.
        holder : int
            Fleet row that holds its product.
        nbytes : float
            Size of the product [B].
        nodes : (n_active_nodes,) bool array
            Nodes that it may touch.
        history : FaultHistory
            Of the job; changed.
        belief : Belief
            The fleet now.

        Returns
        -------
        Wait or None
            None if nothing is away, or it would be too late all the same.
        """
        if not self.away:
            return None
        way = belief.plan.to_data_centre(holder, belief.t_s, nbytes, nodes, despite_outages=True)
        if way is None or way.t_arrival_s > job.deadline_s:
            return None
        history.struck = True
        look_s = min(self.mean_away_s(kind) for kind in self.away.values()) / LOOKS_PER_REPAIR
        return _wait(job, belief.t_s + look_s, "every way in time is over a node away", belief)

    def to_host(
        self,
        job: Job,
        holder: int,
        history: FaultHistory,
        belief: Belief,
        hosts: Hosts,
        work_s: Callable[[int], float],
        reason: str,
    ) -> Move | None:
        """Send the pixels to the satellite that could begin first.

        Parameters
        ----------
        job, holder, history, belief
            As in :meth:`step`.
        hosts : callable
            Tells which satellites may compute it.
        work_s : callable
            Tells what it takes on a satellite [s].
        reason : str
            Why they are sent.

        Returns
        -------
        Move or None
            None if there is none that would be done by the deadline.
        """
        ways = belief.reached(job, holder)
        able = [
            (max(way.t_arrival_s, float(belief.busy_until_s[node])), node)
            for node, way in ways.items()
            if self._takes(node, way.t_arrival_s, job, belief) and hosts(node)
        ]
        in_time = [one for one in able if one[0] + work_s(one[1]) <= job.deadline_s]
        if not in_time:
            return None
        # One that people were asked about, or that a stop held back, stays chosen while it can be.
        begin_s, node = min(in_time, key=lambda one: (one[1] != history.goal, *one))
        if node != history.goal:  # else its time is set aside already
            belief.commit(node, begin_s, work_s(node))
        history.goal = node
        belief.storage.reserve(job.job_id, node, job.raw_bytes)
        return Move(job.job_id, Product.RAW, holder, node, ways[node].legs, reason)

    def _takes(self, node: int, t_s: float, job: Job, belief: Belief) -> bool:
        """Whether a satellite may be given a job that arrives then."""
        return (
            node not in self.away
            and self.quarantine_s.get(node, float("-inf")) <= t_s
            and belief.storage.has_room(node, job.raw_bytes)
        )


def _emptier(leg: Leg, belief: Belief) -> int:
    """Satellite of a leg's ends with the emptier battery, as told last."""
    ends = [node for node in (leg.source, leg.target) if node < belief.fleet.n_satellites]
    told = belief.telemetry
    return ends[0] if told is None else min(ends, key=lambda node: told.battery_j[node])


def _wait(job: Job, until_s: float, why: str, belief: Belief) -> Wait:
    return Wait(job.job_id, max(until_s, belief.t_s + SHORTEST_WAIT_S), Cause.FAULT, why)


def _give_up(job: Job, why: str) -> Close:
    return Close(job.job_id, delivered=False, reason=Cause.FAULT.value, detail=why)

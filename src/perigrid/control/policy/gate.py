"""The gate: every action is judged before it happens, and every doubt is a denial.

Cedar decides; the gate gathers what it is asked about and refuses whatever is not answered cleanly:
an attribute that is missing, a node nobody knows, an error in any policy, an engine that fails or
takes too long. The answer depends on nothing but the request, so that equal requests are answered
once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from perigrid.base.jobs import Product
from perigrid.base.messages import Action, Compute, Event, Move, Verdict
from perigrid.control.policy.custody import Custody
from perigrid.control.policy.engine import PolicySet
from perigrid.control.policy.places import GROUND, Places
from perigrid.control.policy.request import (
    DERIVED,
    DOWNLINK,
    MOVE,
    PROCESS,
    RAW,
    Approver,
    Circumstances,
    Request,
    Scene,
    circumstances,
)
from perigrid.control.policy.verdicts import ALLOW, DENY, STRICTNESS, verdict_of

DEFAULT_RULE: Final = "default"
ENGINE: Final = "error:engine"
TIMEOUT: Final = "error:timeout"

BUDGET_S: Final = 0.25
"""Longest a decision may take where a clock is given: a thousand times the usual. [s]"""

CACHE_LIMIT: Final = 200_000
"""Verdicts kept; beyond it they are forgotten and asked for anew."""


class Gate:
    """Judges every action before it happens.

    Parameters
    ----------
    policies : PolicySet
        Parsed and checked.
    places : Places
        The nodes.
    custody : Custody
        What is known of every observation.
    weights_export_classes : tuple of str
        Of the models' weights, which a node holds that computes.
    clock : callable, optional
        Seconds, rising. With it a decision that takes longer than ``budget_s`` is a denial; without
        it, as in simulation and replay, decisions depend on no clock.
    budget_s : float
        Longest a decision may take [s].
    """

    def __init__(
        self,
        policies: PolicySet,
        places: Places,
        custody: Custody,
        weights_export_classes: tuple[str, ...] = (),
        clock: Callable[[], float] | None = None,
        budget_s: float = BUDGET_S,
    ) -> None:
        self.policies = policies
        self.custody = custody
        self.places = places
        self._weights = frozenset(weights_export_classes)
        self.clock = clock
        self._budget_s = budget_s
        self._verdicts: dict[Request, Verdict] = {}
        self._forbidden: dict[tuple[Scene | None, Circumstances], frozenset[int]] = {}
        self.safe_mode = False
        places.keep_apart(policies.named_nodes)
        custody.policies = policies

    # ------------------------------------------------------------------ what is known

    def learn(self, events: Sequence[Event]) -> None:
        """Take recorded events in.

        Parameters
        ----------
        events : sequence of Event
            In order.
        """
        self.custody.learn(events)

    def place_name(self, row: int) -> str:
        """Name the node that policy is asked about in place of a fleet row.

        Parameters
        ----------
        row : int
            Fleet row.

        Returns
        -------
        str
            Of a node of which policy knows the same; ``#row`` outside the fleet.
        """
        known = 0 <= row < len(self.places.stand_in)
        return self.places.stand_in[row] if known else f"#{row}"

    def forget(self) -> None:
        """Forget every verdict, so that the engine is asked anew; the answers stay the same."""
        self._verdicts.clear()
        self._forbidden.clear()

    # ------------------------------------------------------------------ what is wanted

    def judge(
        self, action: Action, *, t_s: float = 0.0, approvers: tuple[Approver, ...] = ()
    ) -> Verdict:
        """Say whether an action may happen.

        Parameters
        ----------
        action : Action
            What is wanted. Waiting, closing and asking touch nothing and are always allowed.
        t_s : float
            Now [s]. A leg is judged as of the time at which it begins.
        approvers : tuple of Approver
            Who approved this very action.

        Returns
        -------
        Verdict
            ``allow``, ``deny`` or ``ask``; of several steps the strictest, and the first of those.
        """
        steps = self.requests(action, t_s=t_s, approvers=approvers)
        if not steps:
            return Verdict(ALLOW, DEFAULT_RULE, "changes nothing outside the controller")
        return self.strictest(steps)

    def requests(
        self, action: Action, *, t_s: float = 0.0, approvers: tuple[Approver, ...] = ()
    ) -> list[tuple[int, Request]]:
        """Put an action as questions, one for each node it comes to.

        Parameters
        ----------
        action : Action
            What is wanted.
        t_s : float
            Now [s].
        approvers : tuple of Approver
            Who approved this very action.

        Returns
        -------
        list of (int, Request)
            Fleet row and question; none for what is always allowed.
        """
        match action:
            case Move():
                return self._steps(action, t_s, approvers)
            case Compute():
                return [(action.node, self._processing(action, self._now(t_s, approvers)))]
            case _:
                return []

    def decide(self, request: Request) -> Verdict:
        """Answer one request.

        Parameters
        ----------
        request : Request
            Complete, or it is refused.

        Returns
        -------
        Verdict
            The same for an equal request, but for a failure of the engine or a timeout.
        """
        known = self._verdicts.get(request)  # most are normal as they come
        if known is not None:
            return known
        asked = self.policies.normal(request)
        known = self._verdicts.get(asked)
        if known is not None:
            return known
        started_s = self.clock() if self.clock else 0.0
        try:
            answer = self.policies.answer(asked)
        except Exception as error:  # noqa: BLE001  whatever goes wrong in the engine is a denial
            return Verdict(
                DENY, ENGINE, f"the policy engine failed: {type(error).__name__}: {error}"
            )
        if self.clock and self.clock() - started_s > self._budget_s:
            return Verdict(DENY, TIMEOUT, f"no answer within {self._budget_s:g} s")
        return self._keep(asked, verdict_of(answer))

    def _keep(self, request: Request, verdict: Verdict) -> Verdict:
        if len(self._verdicts) >= CACHE_LIMIT:
            self._verdicts.clear()
        self._verdicts[request] = verdict
        return verdict

    def _steps(
        self, move: Move, t_s: float, approvers: tuple[Approver, ...]
    ) -> list[tuple[int, Request]]:
        """Ask about every node a move may come to, with all before it as holders."""
        level = self.custody.level(move.job_id, move.product)
        held, steps = frozenset({move.source}), []
        for rows, begins_s in self._stops(move, t_s):
            scene = self.custody.scene(move.job_id, level, held)
            now = self._now(begins_s, approvers)
            steps += [(row, self._request(self._way_to(row), row, scene, now)) for row in rows]
            held = held.union(rows)
        return steps

    def _stops(self, move: Move, t_s: float) -> Iterator[tuple[tuple[int, ...], float]]:
        """Nodes a move may come to, in order, and when the leg there begins."""
        last = move.source
        for leg in move.legs:
            crossed, begins_s = self.places.crossed(leg), max(t_s, leg.t_start_s)
            if crossed:
                yield crossed, begins_s
                yield crossed, begins_s  # from one relay satellite on to another
            yield (leg.target,), begins_s
            last = leg.target
        if last != move.target or not move.legs:
            yield (move.target,), t_s

    def _processing(self, compute: Compute, now: Circumstances) -> Request:
        scene = self._with_weights(self.custody.scene(compute.job_id, RAW))
        return self._request(PROCESS, compute.node, scene, now)

    def _with_weights(self, scene: Scene | None) -> Scene | None:
        if scene is None or not self._weights:
            return scene
        classes = tuple(sorted({*(scene.export_classes or ()), *self._weights}))
        return replace(scene, export_classes=classes)

    def _way_to(self, row: int) -> str:
        known = 0 <= row < len(self.places.places)
        return DOWNLINK if known and self.places.places[row].kind in GROUND else MOVE

    def _request(self, action: str, row: int, scene: Scene | None, now: Circumstances) -> Request:
        return Request(action, self.place_name(row), scene or NOTHING, now)

    def _at(self, row: int, verdict: Verdict) -> Verdict:
        """Say at which node a rule bit."""
        if verdict.decision == ALLOW or not 0 <= row < len(self.places.names):
            return verdict
        reason = f"{verdict.reason}: {self.places.told(row)}"
        return Verdict(verdict.decision, verdict.rule, reason)

    # ------------------------------------------------------------------ what need not be tried

    def forbidden_nodes(self, job_id: int, product: Product, t_s: float = 0.0) -> frozenset[int]:
        """Nodes that a product of a job may never be moved to: the scheduler's prefilter.

        Parameters
        ----------
        job_id : int
            Which.
        product : Product
            Raw pixels, or the answer that will have been computed by then.
        t_s : float
            Now [s].

        Returns
        -------
        frozenset of int
            Fleet rows; :meth:`judge` denies every move that touches one of them, whenever from now
            on it begins. A node where a person has to be asked is not among them, nor is one that
            opens later.
        """
        scene = self._wanted(job_id, product)
        found: frozenset[int] | None = None
        for begin_s in self._spans_s(scene, t_s):
            closed = self._closed(scene, begin_s)
            found = closed if found is None else found & closed
        assert found is not None  # noqa: S101  there is always the span in which now lies
        return found

    # ------------------------------------------------------------------ how it is worked out

    def strictest(self, steps: Sequence[tuple[int, Request]]) -> Verdict:
        """Answer the questions of one action together.

        Parameters
        ----------
        steps : sequence of (int, Request)
            At least one, as from :meth:`requests`.

        Returns
        -------
        Verdict
            The strictest, and the first of those, with the node at which it bit.
        """
        verdicts = [self._at(row, self.decide(request)) for row, request in steps]
        return min(verdicts, key=lambda verdict: STRICTNESS[verdict.decision])

    def _wanted(self, job_id: int, product: Product) -> Scene | None:
        return self.custody.scene(job_id, RAW if product is Product.RAW else DERIVED)

    def _spans_s(self, scene: Scene | None, t_s: float) -> tuple[int, ...]:
        """Begins of the spans of equal answers, from the one in which a time lies."""
        if not self.policies.reads_now:
            return _ALWAYS
        turns = self.policies.turns_s(scene or NOTHING, NOBODY)
        place = bisect_right(turns, t_s)
        return (turns[place - 1] if place else 0, *turns[place:])

    def _now(self, t_s: float, approvers: tuple[Approver, ...] = ()) -> Circumstances:
        read_s = t_s if self.policies.reads_now else 0.0
        if not approvers and not read_s and not self.safe_mode:
            return NOBODY
        return circumstances(approvers, read_s, safe_mode=self.safe_mode)

    def _closed(self, scene: Scene | None, t_s: float) -> frozenset[int]:
        """Nodes closed to a scene at a time, with all that only closed ones lead to."""
        now = self._now(t_s)
        found = self._forbidden.get((scene, now))
        if found is None:
            if len(self._forbidden) >= CACHE_LIMIT:
                self._forbidden.clear()
            found = self._forbidden[scene, now] = self._forbidden_to(scene, now)
        return found

    def _forbidden_to(self, scene: Scene | None, now: Circumstances) -> frozenset[int]:
        denied: dict[str, bool] = {}
        for row, name in enumerate(self.places.stand_in):
            if name not in denied:
                verdict = self.decide(self._request(self._way_to(row), row, scene, now))
                denied[name] = verdict.decision == DENY
        stand_in = self.places.stand_in
        cut_off = any(denied[stand_in[row]] for row in self.places.mesh)
        behind = self.places.behind_mesh if cut_off else frozenset()
        return behind.union(row for row, name in enumerate(stand_in) if denied[name])


NOTHING: Final = Scene(*(None,) * 12)
"""What is known of an observation nobody took."""

NOBODY: Final = Circumstances()
"""Nobody approved, and no policy reads the time."""

_ALWAYS: Final = (0,)
"""The one span of answers that no time changes. [s]"""

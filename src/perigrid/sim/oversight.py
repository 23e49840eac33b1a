"""People in a simulated run: they are asked, answer, stop the fleet, and are counted."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from typing import Any

import numpy as np

from perigrid.base.approvals import RESUME, STOP
from perigrid.base.messages import (
    ApprovalAnswered,
    AskApproval,
    EnvelopeAnswered,
    Ordered,
    jobs_of,
)
from perigrid.base.withheld import Told
from perigrid.control.approver_model import SimulatedPeople, people_of, roster_of
from perigrid.control.policy.approval.orders import OrderBook, lifts
from perigrid.control.route_reach import route_reach
from perigrid.control.stop_reach import Reach, stop_reach
from perigrid.engine.foreseen import Foreseen
from perigrid.sim.world import World

MEDIAN = 50.0
P90 = 90.0


class Oversight:
    """The people of a run, and the figures about them.

    Parameters
    ----------
    world : World
        Scenario and contacts.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._people = SimulatedPeople(world.scenario)
        self._asked_s: dict[int, float] = {}
        self._answered_s: dict[int, float] = {}
        self._ends: Counter[str] = Counter()
        self._together = 0  # requests that are about the acts of many jobs
        self._waits_s: list[float] = []
        self._ages_s: list[float] = []
        roles = world.scenario.oversight.terms.order_roles
        self._orders = OrderBook(roster_of(world.scenario), roles)
        self._stops: list[tuple[Ordered, list[Reach]]] = []
        self._mesh = world.fleet.mesh()

    def opening(self) -> list[EnvelopeAnswered | Ordered]:
        """Events that are certain from the start.

        Returns
        -------
        list of EnvelopeAnswered or Ordered
            Each with its time.
        """
        return self._people.opening()

    def ask(self, t_s: float, asked: AskApproval) -> ApprovalAnswered:
        """Put a request to the people.

        Parameters
        ----------
        t_s : float
            Now [s].
        asked : AskApproval
            The request.

        Returns
        -------
        ApprovalAnswered
            What they will say, and when.
        """
        jobs = jobs_of(asked)
        self._asked_s.update(dict.fromkeys(jobs, t_s))
        self._ends["asked"] += len(jobs)
        self._together += bool(asked.acts)
        return self._people.answer(asked)

    def answered(self, event: ApprovalAnswered) -> None:
        """Count an answer.

        Parameters
        ----------
        event : ApprovalAnswered
            As it reaches the controller.
        """
        refused = any(one.answer != "grant" for one in event.approvals)
        end = "granted" if event.granted else "refused" if refused else "expired"
        jobs = event.jobs or (event.job_id,)
        self._ends[end] += len(jobs)
        self._waits_s += [event.t_s - self._asked_s[one] for one in jobs]
        if event.granted:
            self._answered_s.update(dict.fromkeys(jobs, event.t_s))

    def begins(self, job_id: int, t_s: float) -> None:
        """Note when an act begins, for the age of the approval behind it.

        Parameters
        ----------
        job_id : int
            Whose act.
        t_s : float
            First bit sent, or start of the stage [s].
        """
        answered_s = self._answered_s.pop(job_id, None)
        if answered_s is not None:
            self._ages_s.append(t_s - answered_s)

    def ordered(self, event: Ordered) -> dict[str, Told | None]:
        """Send an order out to the satellites.

        Parameters
        ----------
        event : Ordered
            As given on the ground.

        Returns
        -------
        dict
            Why it was given, by commitment, for the side store.
        """
        counts = self._orders.add(event.order, event.t_s) is None
        if counts and event.order.kind in {STOP, RESUME}:
            self._stops.append((event, self._reaches(event.t_s)))
        reason = event.order.reason
        return {reason.commitment: self._people.reason(event.order)}

    def _reaches(self, t_s: float) -> list[Reach]:
        """Find when an order of some time reaches every satellite."""
        world = self._world
        if world.scenario.jobs is not None:
            return route_reach(world.scenario, world.fleet, t_s)
        return stop_reach(world.outlook, world.fleet.n_satellites, t_s)

    def foreseen(self) -> Foreseen:
        """Say what is certain of a run's people, which is then in the past: ask somebody fresh.

        Returns
        -------
        Foreseen
            The opening, and from when until when nodes are stopped by it.
        """
        opening, fleet = self.opening(), self._world.fleet
        for event in sorted(opening, key=lambda one: one.t_s):
            if isinstance(event, Ordered):
                self.ordered(event)
        nodes, signers = len(fleet.names), len(people_of(self._world.scenario))
        if not self._stops:
            return dataclasses.replace(Foreseen.nothing(nodes), opening=opening, signers=signers)
        spans = [self._stops_s(frozenset(fleet.called(row)), row) for row in range(nodes)]
        spans.append(self._stops_s(self._mesh, nodes))
        counts = np.cumsum([0, *map(len, spans)])
        table = np.array([span for row in spans for span in row]).reshape(-1, 2)
        return Foreseen(opening, table, counts, signers)

    def _stops_s(self, names: frozenset[str], row: int) -> list[tuple[float, float]]:
        """From when until when a node of some names is stopped, as it hears of orders."""
        heard = [
            (event.t_s + (reaches[row].latency_s if row < len(reaches) else 0.0), event.order)
            for event, reaches in self._stops
        ]
        lifted = [(t_s, one) for t_s, one in heard if one.kind == RESUME]
        spans = [
            (t_s, min([stop.expires_s, *(at_s for at_s, one in lifted if lifts(one, stop))]))
            for t_s, stop in heard
            if stop.kind == STOP and (not stop.nodes or not names.isdisjoint(stop.nodes))
        ]
        return [(from_s, until_s) for from_s, until_s in spans if from_s < until_s]

    def figures(self) -> dict[str, Any]:
        """Sum up.

        Returns
        -------
        dict
            For ``approvals`` in the summary: JSON values.
        """
        counts = {key: self._ends[key] for key in ("asked", "granted", "refused", "expired")}
        if self._together > 0:
            counts["requests"] = self._together
        return {
            **counts,
            "answer_s": _quantiles(self._waits_s),
            "age_s": _quantiles(self._ages_s),
            "stops": [self._stop_figures(*one) for one in self._stops],
        }

    def _stop_figures(self, event: Ordered, reaches: list[Reach]) -> dict[str, Any]:
        wanted = event.order.nodes
        called = self._world.fleet.called
        meant = [one for one in reaches if not wanted or not {*called(one.row)}.isdisjoint(wanted)]
        states: dict[str, list[float]] = {}
        for one in meant:
            states.setdefault(one.state, []).append(one.latency_s)
        return {
            "kind": event.order.kind,
            "t_s": event.t_s,
            "reached": sum(math.isfinite(one.latency_s) for one in meant),
            "nodes": len(meant),
            "latency_s": {state: _quantiles(ages) for state, ages in sorted(states.items())},
        }


def _quantiles(values_s: list[float]) -> dict[str, float | int | None]:
    """Median, 90th percentile and largest of what is finite."""
    finite = [value for value in values_s if math.isfinite(value)]
    if not finite:
        return {"n": len(values_s), "p50": None, "p90": None, "max": None}
    p50, p90 = np.percentile(finite, [MEDIAN, P90])
    return {"n": len(values_s), "p50": float(p50), "p90": float(p90), "max": max(finite)}

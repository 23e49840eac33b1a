"""One queue for each satellite: what waits begins in order of deadlines, when limits allow."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import Action, Alternative, Close, Compute, Move, StateReported, Wait
from perigrid.control.alternatives import shortlist
from perigrid.control.contact_plan import Route
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.control.scheduling.forecast import Load
from perigrid.control.scheduling.guard import Guard
from perigrid.control.scheduling.latest import Latest
from perigrid.control.scheduling.places import (
    CHOSEN,
    DUE,
    GIVEN,
    NEVER_S,
    RETRY_S,
    SOON_S,
    TAKEN_UP,
    Place,
    best_of,
    why_at_once,
    why_lost,
)
from perigrid.fleet.model import Floats, Outlook

QUICK: Final = 0.1
"""Share of a scene's whole work up to which its first stage waits for no other work: to know sooner
what is worth the rest costs little then (assumed). [1]"""

Key = tuple[float, int]


class Queues:
    """Holds jobs back until their satellite is free, then begins the one that is due first.

    Notes
    -----
    A computer is given one stage at a time, so that the order among what waits is settled as late
    as possible; only a first stage that is short is given to a computer at work. Where else a job
    might begin is asked when its pixels come, or have been screened, and their satellite is taken
    up. A job of which no answer can be in time any more is given up: it would take from those that
    can.
    """

    alone: str = "while it is free no other place is looked at"
    gain: str = "its answer comes sooner from there"

    def __init__(self) -> None:
        self.guard = Guard()
        self._latest = Latest()
        self._done_s: dict[int, Floats] = {}  # latest useful ends of those held, by satellite
        self._end_s = NEVER_S
        self._told: StateReported | None = None
        self._near: defaultdict[int, set[int]] = defaultdict(set)  # whose pixels can come at once
        self._held: dict[int, Ready] = {}
        self._queues: defaultdict[int, list[Key]] = defaultdict(list)
        self._coming_s: dict[int, float] = {}  # jobs on their way, by when they arrive
        # Contacts of this batch's moves: they are booked only when the batch is answered.
        self._taken: set[int] = set()

    def choose(
        self, ready: Sequence[Ready], freed: Sequence[int], belief: Belief, outlook: Outlook
    ) -> list[Action]:
        """Answer every job with one action.

        Parameters
        ----------
        ready, freed, belief, outlook
            As for :class:`~perigrid.control.scheduling.protocol.Scheduler`.

        Returns
        -------
        list of Action
            For those that ask, and for those whose wait is over.
        """
        self.guard.look(belief, outlook)
        self._taken.clear()
        self._end_s = float(outlook.t_s[-1])
        for one in ready:
            self._forget(one.job.job_id)
        asked = sorted(ready, key=_due)
        answers = {a.job_id: a for one in asked if (a := self._at_once(one, belief))}
        for one in asked:
            if one.job.job_id not in answers and one.here:
                self._hold(one, belief)
        nodes = dict.fromkeys([*(one.node for one in ready), *freed])
        answers |= {a.job_id: a for node in nodes for a in self._begin(node, belief)}
        for one in asked:
            if one.job.job_id not in answers:
                answers[one.job.job_id] = self._unbegun(one, belief)
        for action in self._balance(freed, answers, belief):
            answers[action.job_id] = action
        return list(answers.values())

    # ------------------------------------------------------------------ balance

    def _balance(
        self, freed: Sequence[int], answers: dict[int, Action], belief: Belief
    ) -> Iterator[Action]:
        """Send jobs that wait to satellites that have nothing to do."""
        if not belief.may_migrate:
            return
        if belief.telemetry is not self._told:  # links and limits may have changed
            self._told = belief.telemetry
            self._near.clear()
            if any(self._is_idle(node, belief) for node in range(belief.fleet.n_satellites)):
                for node in sorted(self._queues):
                    yield from self._hand_over(node, answers, belief)
            return
        for node in freed:
            near = [(len(self._queues[other]), other) for other in self._near.get(node, ())]
            if near and self._is_idle(node, belief):
                yield from self._hand_over(max(near)[1], answers, belief)

    def _hand_over(self, node: int, answers: dict[int, Action], belief: Belief) -> Iterator[Action]:
        """Send what waits on a satellite, the first due first, to others that are idle."""
        for _, job_id in list(self._queues[node]):
            if job_id in answers or job_id in self._coming_s:
                continue
            one = self._held[job_id]
            home = self._home(one, belief)
            places = self._others(one, home, belief)
            best = best_of(home, places)
            if best is home:
                return
            yield self._move(one, best, belief, self._lost((home, *places), best, one, belief))

    def _is_idle(self, node: int, belief: Belief) -> bool:
        return belief.is_free(node) and not self._queues.get(node)

    # ------------------------------------------------------------------ queues

    def _hold(self, one: Ready, belief: Belief) -> None:
        self._judge(one, belief)
        self._held[one.job.job_id] = one
        insort(self._queues[one.node], self._key(one, one.node))

    def _judge(self, one: Ready, belief: Belief) -> None:
        """Find out until when a job must be done where."""
        if one.job.job_id not in self._done_s:
            self._done_s[one.job.job_id] = self._latest.done_s(one, belief, self._end_s)

    def _forget(self, job_id: int) -> None:
        self._coming_s.pop(job_id, None)
        one = self._held.pop(job_id, None)
        if one is not None:
            queue = self._queues[one.node]
            del queue[bisect_left(queue, self._key(one, one.node))]

    def _key(self, one: Ready, node: int) -> Key:
        """Order among what waits: by when it must be done; what nothing known can save is last."""
        latest_s = float(self._done_s[one.job.job_id][node])
        return (latest_s if latest_s > -NEVER_S else NEVER_S), one.job.job_id

    def _ahead(self, one: Ready, node: int, belief: Belief) -> tuple[float, float]:
        """Time [s] and energy [J] of what waits on a satellite, or comes, and is due before."""
        queue = self._queues.get(node, [])
        place = bisect_left(queue, self._key(one, node))
        before = [self._held[job_id] for _, job_id in queue[:place]]
        work_s = work_j = 0.0
        for other in before:
            if not self._is_overdue(other, belief):
                work, mean_s = belief.work(node, other.job), belief.expected_s(other, node)
                work_s += mean_s
                work_j += mean_s * Load(work.work_s, work.energy_j).power_w
        return work_s, work_j

    def _is_overdue(self, one: Ready, belief: Belief) -> bool:
        """Whether pixels should have come and did not: their move was not allowed."""
        return self._coming_s.get(one.job.job_id, belief.t_s) < belief.t_s

    def _at_once(self, one: Ready, belief: Belief) -> Action | None:
        """Begin a job that no other waits beside, if no data centre would do it sooner."""
        moved, lost = self._weighed(one, belief)
        if moved is not None:
            return moved
        alone = one.here and belief.is_free(one.node) and not self._queues.get(one.node)
        if not alone or belief.t_s + belief.left_s(one, one.node) > one.job.deadline_s:
            return None
        return None if self._barred(one, belief) else self._compute(one, belief, lost)

    def _begin(self, node: int, belief: Belief) -> Iterator[Action]:
        """Give a free computer what waits for it and is due first, and give up what is too late."""
        for _, job_id in list(self._queues.get(node, [])):
            if not belief.is_free(node):
                break
            one = self._held[job_id]
            if job_id in self._coming_s:
                if self._is_overdue(one, belief):
                    self._forget(job_id)
            elif self._is_late(one, node, belief.t_s, belief):
                yield self._rescue(one, belief)
            elif self._barred(one, belief):  # what is due later takes no less
                break
            else:
                yield self._compute(one, belief, why=DUE)

    def _barred(self, one: Ready, belief: Belief) -> Cause | None:
        """Say what keeps a job from beginning now, its computer being free."""
        start_s, cause = self.guard.earliest_start(one.node, belief.t_s, belief.load(one, one.node))
        return None if start_s == belief.t_s else cause

    def _is_late(self, one: Ready, node: int, start_s: float, belief: Belief) -> bool:
        """Whether an answer begun then would come too late; beyond the end nobody knows."""
        done_s = start_s + belief.left_s(one, node)
        known = one.job.deadline_s <= self._end_s and not self._is_quick(one, belief)
        latest_s = float(self._done_s[one.job.job_id][node]) if known else one.job.deadline_s
        return done_s > latest_s

    def _is_quick(self, one: Ready, belief: Belief) -> bool:
        work_s, left_s = belief.load(one, one.node).work_s, belief.left_s(one, one.node)
        return work_s < min(QUICK * belief.work_s(one.node, one.job), left_s)

    # ------------------------------------------------------------------ places

    def _unbegun(self, one: Ready, belief: Belief) -> Action:
        """Find another place for a job that does not begin at once, or let it wait."""
        if not one.here:
            return self._abroad(one, belief)
        if belief.t_s + belief.left_s(one, one.node) > one.job.deadline_s:
            return self._give_up(one)
        home = self._home(one, belief)
        places = self._others(one, home, belief) if one.node == one.job.origin else []
        best = best_of(home, places)
        lost = self._lost((home, *places), best, one, belief) if places else ()
        if best is not home:
            return self._move(one, best, belief, lost)
        if self._is_quick(one, belief) and self._barred(one, belief) is None:
            return self._compute(one, belief, lost)
        return self._wait(one, belief, lost)

    def _abroad(self, one: Ready, belief: Belief) -> Action:
        """Find a satellite for a job that may not be computed where it is."""
        self._judge(one, belief)
        home = Place(one.node, NEVER_S, None, None, out="may not compute it")
        places = self._others(one, home, belief)
        best = best_of(home, places)
        lost = self._lost(places, best, one, belief)
        if best is not home:
            return self._move(one, best, belief, lost)
        self._done_s.pop(one.job.job_id)
        given = any(place.out == GIVEN for place in places)
        until_s = belief.t_s + (SOON_S if given else RETRY_S)
        cause = places[0].cause or Cause.COMPUTE if places else Cause.CONTACT
        cause = Cause.LINK if given else cause
        why = "no satellite that may compute it can now"
        return Wait(one.job.job_id, until_s, cause, why, lost)

    def _weighed(self, one: Ready, belief: Belief) -> tuple[Move | None, tuple[Alternative, ...]]:
        """Send pixels on though their satellite is free, where an answer may come sooner so."""
        if not belief.weighs_all or one.node != one.job.origin:
            return None, ()
        self._judge(one, belief)
        ground = self._ground(one, belief)
        home = self._home(one, belief) if one.here else Place(one.node, NEVER_S, None, None)
        places = [*self._others(one, home, belief), *ground]
        best = best_of(home, places)
        lost = self._lost((home, *places), best, one, belief)
        return (None, lost) if best is home else (self._move(one, best, belief, lost), ())

    def _ground(self, one: Ready, belief: Belief) -> list[Place]:
        """Give the data centre that has the pixels first, if one may compute them."""
        job, now_s = one.job, belief.t_s
        if not belief.on_ground:
            return []
        nodes = belief.open_nodes(job.job_id, Product.RAW)
        route = belief.plan.to_data_centre(one.node, now_s, job.raw_bytes, nodes)
        if route is None or self._taken & {leg.contact for leg in route.legs[:-1]}:
            return []
        insight_s = route.t_arrival_s + belief.work_s(route.target, job)
        out = "closed by a rule for now" if route.opens_s > now_s else ""
        cost = (insight_s > job.deadline_s, insight_s)
        return [Place(route.target, route.t_arrival_s, None, route, insight_s, cost, out)]

    def _rescue(self, one: Ready, belief: Belief) -> Action:
        """Move a job whose answer would be too late from here, or give it up."""
        home = Place(one.node, belief.t_s, Cause.CONTACT, None)
        for place in self._others(one, home, belief):
            if not place.out and place.insight_s <= one.job.deadline_s:
                return self._move(one, place, belief, ())
        return self._give_up(one)

    def _home(self, one: Ready, belief: Belief) -> Place:
        return self._judged(one, self._timed(one, one.node, None, belief), belief)

    def _others(self, one: Ready, home: Place, belief: Belief) -> list[Place]:
        """Other satellites in reach; pixels are moved once."""
        if not one.may_leave:
            return []
        return [
            self._other(one, home, self._timed(one, node, route, belief), belief)
            for node, route in belief.reached(one.job, one.node).items()
        ]

    def _other(self, one: Ready, home: Place, place: Place, belief: Belief) -> Place:
        if out := self._way_barred(one, place, belief):
            return replace(place, out=out)
        if place.start_s == NEVER_S:
            return replace(place, out=f"{place.cause} would not last")
        weighed = belief.weighs_all or home.cause is Cause.CONTACT
        if place.start_s >= home.start_s and not weighed:
            return replace(place, out="would begin later")
        if self._is_late(one, place.node, place.start_s, belief):
            return replace(place, out="its answer would come too late")
        return self._judged(one, place, belief)

    def _way_barred(self, one: Ready, place: Place, belief: Belief) -> str:
        """Why pixels cannot set out for another satellite now; nothing if they can."""
        assert place.route is not None  # noqa: S101  it is another satellite
        if not belief.storage.has_room(place.node, one.job.raw_bytes):
            return "no room for the pixels"
        # To book a link for later would keep it from all that could be sent until then.
        later = any(leg.t_window_s > leg.t_ready_s for leg in place.route.legs)
        if one.here and later and not belief.weighs_all:
            return "a link is not open yet"
        self._near[place.node].add(one.node)
        if self._taken & {leg.contact for leg in place.route.legs}:
            return GIVEN
        return ""

    def _timed(self, one: Ready, node: int, route: Route | None, belief: Belief) -> Place:
        """When a job would begin on a satellite, after what is due before it."""
        ahead_s, ahead_j = self._ahead(one, node, belief)
        free_s = max(belief.t_s, float(belief.busy_until_s[node])) + ahead_s
        there_s = free_s if route is None else max(route.t_arrival_s, free_s)
        start_s, cause = self.guard.earliest_start(node, there_s, belief.load(one, node), ahead_j)
        return Place(node, NEVER_S if start_s is None else start_s, cause, route)

    def _judged(self, one: Ready, place: Place, belief: Belief) -> Place:
        """When the answer would come from a place; the earliest is the best."""
        if place.start_s == NEVER_S:
            return place
        done_s = place.start_s + belief.left_s(one, place.node)
        late = done_s > float(self._done_s[one.job.job_id][place.node])
        down = belief.plan.to_data_centre(
            place.node, done_s, belief.sent_bytes(one.job), belief.delivery_nodes(one.job)
        )
        insight_s = NEVER_S if down is None else down.t_arrival_s
        return replace(place, insight_s=insight_s, cost=(late, insight_s))

    def _lost(
        self, places: Sequence[Place], best: Place, one: Ready, belief: Belief
    ) -> tuple[Alternative, ...]:
        lost = [why_lost(place, belief) for place in places if place is not best]
        return (*shortlist(lost), *belief.ruled_out(one.job))

    # ------------------------------------------------------------------ answers

    def _compute(
        self, one: Ready, belief: Belief, lost: tuple[Alternative, ...] = (), why: str = ""
    ) -> Compute:
        job, load = one.job, belief.load(one, one.node)
        self._forget(job.job_id)
        self._done_s.pop(job.job_id, None)
        self.guard.commit(one.node, belief.t_s, load)
        belief.give(job.job_id, one.node, load.work_s)
        why = one.why or why or why_at_once(one, belief, self.alone, self.gain)
        return Compute(job.job_id, one.node, one.stage, why, lost)

    def _move(
        self, one: Ready, place: Place, belief: Belief, lost: tuple[Alternative, ...]
    ) -> Move:
        assert place.route is not None  # noqa: S101  it is another satellite
        job, legs = one.job, place.route.legs
        self._forget(job.job_id)
        if place.node < belief.fleet.n_satellites:
            self._hold(replace(one, node=place.node), belief)
            self._coming_s[job.job_id] = place.route.t_arrival_s
        belief.storage.reserve(job.job_id, place.node, job.raw_bytes)
        self._taken |= {leg.contact for leg in legs}
        satellite = one.here and place.node < belief.fleet.n_satellites
        reason = (TAKEN_UP if satellite else CHOSEN) + self.gain
        return Move(job.job_id, Product.RAW, one.node, place.node, legs, reason, lost)

    def _wait(self, one: Ready, belief: Belief, lost: tuple[Alternative, ...]) -> Wait:
        free = belief.is_free(one.node)
        cause = self._barred(one, belief) if free else None
        held = "held back until what is due before is done"
        reason = f"{cause} would not last" if cause else held
        last_s = one.job.deadline_s - belief.left_s(one, one.node) + SOON_S
        until_s = max(last_s, belief.t_s + SOON_S)
        return Wait(one.job.job_id, until_s, cause or Cause.COMPUTE, reason, lost)

    def _give_up(self, one: Ready) -> Close:
        self._forget(one.job.job_id)
        self._done_s.pop(one.job.job_id, None)
        detail = "no answer could be in time any more"
        return Close(one.job.job_id, delivered=False, reason=Cause.COMPUTE.value, detail=detail)


def _due(one: Ready) -> Key:
    return one.job.deadline_s, one.job.job_id

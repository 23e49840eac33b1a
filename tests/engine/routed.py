"""Runs over routes with a decider of their own: the nearest satellite computes, and no more."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from perigrid.base.architecture import ORBITAL, Architecture
from perigrid.base.jobs import Cause, Product
from perigrid.control.core.messages import CAUSES, NOTHING, PRODUCTS, ActionKind, EventKind
from perigrid.engine.fault_table import fault_schedule
from perigrid.engine.feed import Feed
from perigrid.engine.fly import fly
from perigrid.engine.leaves import hash_instant
from perigrid.engine.loop import carry_out, next_instant
from perigrid.engine.parts import PartWriter
from perigrid.engine.recorder import Recorder
from perigrid.engine.shared import shared
from perigrid.engine.state import Clock, Count, Filled, Status, World
from perigrid.fleet.model import ContactKind
from perigrid.fleet.network.legs import Sky
from perigrid.fleet.network.mesh import fleet_mesh
from perigrid.physics.compiled import kernel
from perigrid.sim import world as sim
from tests.engine.plain import built
from tests.engine.test_recorder import Plainly

RAW, ANSWER = PRODUCTS.index(Product.RAW), PRODUCTS.index(Product.ANSWER)
FAULT, CONTACT = CAUSES.index(Cause.FAULT), CAUSES.index(Cause.CONTACT)


@kernel
def _go_on(world: World) -> int:
    return next_instant(shared(world))


@kernel
def _do(world: World) -> None:
    w = shared(world)
    hash_instant(w)
    carry_out(w)


class Nearest:
    """Sends each job to the nearest satellite with room and its answer back, over free lines."""

    def __init__(self, world: sim.World) -> None:
        self._fleet, self._hop_s = world.fleet, world.scenario.relay_hop_s
        stations, n = world.fleet.stations, world.fleet.n_satellites
        self.ground = {row: place for place, row in enumerate(stations)}
        self.share = world.jobs.column("answer_share")
        self.output_bytes = world.scenario.pipeline.stages[0].output_bytes
        self.line_bps = {r: one.feeder_rate_bps * one.antennas for r, one in stations.items()}
        self.free_s = dict.fromkeys((*range(n), *stations), 0.0)
        self.legs = []

    def take_routes(self, leg):
        self.delay_s, self.near, self.until_s = leg.delay_s, leg.near, float(leg.t_s[-1])
        self.legs.append(leg.number)

    def __call__(self, w: World) -> int:
        while True:
            if w.counts[Count.ASKED] == 0:
                status = _go_on(w)
                if status != Status.INSTANT:
                    return status
            for row in range(w.counts[Count.OLD_EVENTS], w.log.filled[Filled.EVENTS]):
                self._hear(w, w.log.events[row], float(w.clock[Clock.NOW]))
            _do(w)

    def _hear(self, w, event, t_s):
        kind, job, node = int(event["kind"]), int(event["job"]), int(event["node"])
        if kind == EventKind.CAPTURED or (kind == EventKind.TIMER_RANG and not self._done(w, job)):
            self._up(w, job, t_s)
        elif kind == EventKind.MOVED and event["product"] == RAW:
            self._add(w, job, ActionKind.COMPUTE, source=node, stage=0, expires_s=np.inf)
        elif kind in {EventKind.COMPUTED, EventKind.TIMER_RANG}:
            self._down(w, job, t_s)
        elif kind == EventKind.MOVED:
            self._add(w, job, ActionKind.CLOSE, delivered=1)
        elif job != NOTHING:
            self._add(w, job, ActionKind.CLOSE, cause=FAULT)

    @staticmethod
    def _done(w, job):
        return bool(w.jobs["done"][job])

    def _up(self, w, job, t_s):
        """Send the data of a job to the nearest satellite with room."""
        origin, nbytes = int(w.jobs["origin"][job]), float(w.jobs["raw_bytes"][job])
        held = w.sats["held_bytes"] + nbytes <= w.sats["room_bytes"]
        there = [one for one in self.near[self.ground[origin]] if one >= 0 and held[one]]
        if there:
            delay_s = self.delay_s[self.ground[origin], there[0]]
            self._move(w, job, RAW, origin, int(there[0]), origin, nbytes, delay_s, t_s)
        else:
            self._wait(w, job, t_s)

    def _down(self, w, job, t_s):
        """Send an answer back."""
        user, node = int(w.jobs["origin"][job]), int(w.jobs["at"][job])
        delay_s = self.delay_s[self.ground[user], node] + self._hop_s
        if np.isfinite(delay_s):
            nbytes = float(self.share[job] * self.output_bytes)
            self._move(w, job, ANSWER, node, user, user, nbytes, delay_s, t_s)
        else:
            self._wait(w, job, t_s)

    def _wait(self, w, job, t_s):
        if self.until_s >= w.t_s[-1]:
            self._add(w, job, ActionKind.CLOSE, cause=CONTACT)
        else:
            self._add(w, job, ActionKind.WAIT, cause=CONTACT, until_s=self.until_s)

    def _move(self, w, job, product, source, target, line, nbytes, delay_s, t_s):
        start_s = max(t_s, self.free_s[line])
        end_s = self.free_s[line] = start_s + 8.0 * nbytes / self.line_bps[line]
        row = int(w.log.filled[Filled.LEGS])
        kind = ContactKind.DOWNLINK if product == ANSWER else ContactKind.CROSSLINK
        w.log.legs[row] = (NOTHING, kind, source, target, t_s, t_s, start_s, end_s,
                           end_s + delay_s, nbytes)  # fmt: skip
        w.log.filled[Filled.LEGS] += 1
        self._add(w, job, ActionKind.MOVE, product=product, source=source, target=target,
                  first_leg=row, legs=1)  # fmt: skip

    @staticmethod
    def _add(w, job, kind, **values):
        row = int(w.log.filled[Filled.DECISIONS])
        w.log.decisions[row] = 0
        for name, value in {"job": job, "kind": kind, "verdict_node": NOTHING, **values}.items():
            w.log.decisions[name][row] = value
        w.log.filled[Filled.DECISIONS] += 1


def flown(
    scenario, folder, architecture: Architecture = ORBITAL, decider=Nearest, pause=None, start=None
):
    """Fly; what is left of the world, what was recorded, and who decided."""
    world = sim.build_world(scenario)
    decides = decider(world)
    w = built(world, architecture)
    parts = PartWriter(folder, {"architecture": "x"})
    names = scenario.pipeline.names
    recorder = Recorder(parts, world.fleet, world.outlook, w.t_s, names, Plainly())
    if start is not None:
        w = start(w, recorder, decides)
    faults = fault_schedule(scenario, world.fleet, world.outlook)
    sky = Sky(scenario, world.fleet, fleet_mesh(scenario, world.fleet, architecture), faults)
    try:
        with closing(Feed(sky, decides.take_routes)) as feed:
            w = fly(w, decides, recorder, pause and (lambda w: pause(w, recorder, decides)), feed)
    finally:
        parts.record.close()
    return w, recorder, decides

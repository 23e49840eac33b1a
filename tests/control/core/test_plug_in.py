"""Schedulers of others on the compiled core."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine.agreed import LOADED, RULED, Case, digests

from perigrid.base.registry import SCHEDULERS
from perigrid.scenario.load import load_scenario
from perigrid.sim.world import build_world
from plug_ins import install

KNOWN = json.loads(Path(__file__).with_name("plug_in.json").read_text(encoding="utf-8"))
"""What flights left when a controller of objects showed a belief of objects, and this one its rows,
and both were seen alike."""

# Looks at everything that a belief promises, and lets it decide.
CURIOUS = '''
from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import Alternative, Close, Compute, Move, Wait


class Mine:
    """Tells all that it sees; moves, waits, takes back, gives up."""

    weighs_places = True

    def __init__(self):
        self.waiting = {}
        self.told = None

    def choose(self, ready, freed, belief, outlook):
        answers = {}
        for one in ready:
            answers[one.job.job_id] = self.answer(one, belief)
        if belief.telemetry is not self.told:  # all that wait begin or are given up
            self.told = belief.telemetry
            for number, one in sorted(self.waiting.items()):
                if number not in answers and belief.is_free(one.node) and one.here:
                    answers[number] = self.begin(one, belief)
                elif number not in answers and number % 7 == 0:
                    answers[number] = Close(number, False, Cause.COMPUTE, "every seventh")
                    del self.waiting[number]
        return list(answers.values())

    def answer(self, one, belief):
        number, node, kind = one.job.job_id, one.node, one.job.job_id % 4
        if one.job.deadline_s <= belief.t_s:
            return Close(number, False, "contact", "too late", self.seen(one, belief))
        ways = belief.reached(one.job, node)
        open_ways = [n for n in ways if belief.storage.has_room(n, one.job.raw_bytes)]
        if one.may_leave and open_ways and node == one.job.origin and (kind == 0 or not one.here):
            target = min(open_ways, key=lambda n: (belief.busy_until_s[n], n))
            belief.commit(target, ways[target].t_arrival_s, belief.work_s(target, one.job))
            if kind == 0 or number % 3:
                belief.storage.reserve(number, target, one.job.raw_bytes)
            legs = ways[target].legs
            return Move(number, Product.RAW, node, target, legs, "away", self.seen(one, belief))
        if one.here and (kind == 1 or belief.is_free(node)):
            if kind == 3:
                belief.give(number, node, 5.0)
                belief.take_back(number)
            return self.begin(one, belief)
        self.waiting[number] = one
        until_s = belief.t_s + (90.0 if kind else 2000.0)
        return Wait(number, until_s, Cause.HEAT, f"{kind}", self.seen(one, belief))

    def begin(self, one, belief):
        number, node = one.job.job_id, one.node
        self.waiting.pop(number, None)
        if number % 2:
            belief.give(number, node, belief.load(one, node).work_s)
        return Compute(number, node, one.stage, one.why or "here", self.seen(one, belief))

    def seen(self, one, belief):
        """Put what it sees into the alternatives, where it is compared."""
        told = belief.telemetry
        down = belief.plan.to_data_centre(
            one.node, belief.t_s, belief.sent_bytes(one.job), belief.delivery_nodes(one.job)
        )
        work_s = belief.expected_s(one, one.node) if belief.computes(one.node) else 0.0
        whys = (
            f"{one!r}", f"{belief.t_s}, {belief.screened}, {belief.kept}, {work_s}",
            f"{sorted((n, dict(of)) for n, of in belief.given.items() if of)}",
            f"{sorted(belief.given_to.items())}, {sorted(belief.blocked_until_s.items())}",
            f"{[float(s) for s in belief.busy_until_s]}, {belief.answer_bytes}",
            f"{[float(held) for held in belief.storage.held_bytes]}",
            "" if told is None else f"{told!r}",
            f"{down!r}, {belief.plan.next_window_s(one.node, belief.t_s)}",
            f"{belief.open_nodes(one.job.job_id, Product.RAW).mask.tolist()}",
            f"{belief.open_nodes.to_any([one.job], Product.RAW).tolist()}",
        )
        mine = tuple(Alternative(0, float(k), why) for k, why in enumerate(whys))
        several = Alternative(-1, None, "2 more: a thing; 1 more: nothing")
        odd = Alternative(-1, None, "others, who knows how many")
        ruled = belief.ruled_out(one.job)
        return (*mine, *ruled, several if one.job.job_id % 2 else odd)
'''


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """Register the scheduler; its name."""
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "mine", "Mine", CURIOUS)
    return "mine"


@pytest.fixture(scope="module")
def loaded():
    return build_world(load_scenario("three-body", overrides=LOADED))


@pytest.mark.parametrize("name", ["orbital", "onboard", "hosted", "ground-anywhere"])
def test_all_that_a_belief_promises_is_seen(loaded, mine, name):
    world = replace(loaded, scenario=replace(loaded.scenario, scheduler=mine))
    assert digests(Case(name, world, world.scenario.architecture(name))) == KNOWN[name]


def test_rules_are_seen(mine):
    sets = (*LOADED, f"rules=[{RULED['answers to one operator']}]", f"scheduler={mine}")
    world = build_world(load_scenario("three-body", overrides=sets))
    architecture = world.scenario.architecture("orbital")
    assert digests(Case("ruled", world, architecture)) == KNOWN["ruled"]

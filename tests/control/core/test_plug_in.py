"""Schedulers of others on the compiled core."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine.agreed import LOADED, RULED, Case, digests

from perigrid.base.errors import WorkError
from perigrid.base.registry import SCHEDULERS
from perigrid.scenario.load import load_scenario
from perigrid.sim.run import simulate
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


WRONG = """
from dataclasses import replace

from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import Alternative, Close, Compute, Move, Wait


class Mine:
    weighs_places = True

    def choose(self, ready, freed, belief, outlook):
        if not any(belief.reached(one.job, one.node) for one in ready):
            return [
                Wait(one.job.job_id, belief.t_s + 900.0, Cause.COMPUTE, "so far") for one in ready
            ]
        one, *others = sorted(ready, key=lambda one: -len(belief.reached(one.job, one.node)))
        ways = belief.reached(one.job, one.node)
        number, node, target = one.job.job_id, one.node, min(ways)
        legs = ways[target].legs
        {answer}
        return [said, *(Wait(o.job.job_id, belief.t_s + 900.0, Cause.COMPUTE, "") for o in others)]
"""
MOVES = "said = Move(number, Product.RAW, node, {target}, {legs}, 'away')"
NO_WAY = "Mine moves job [0-9]+ over what is no way to where it sends it: mend the plug-in"


def wrong(target="target", legs="legs"):
    return MOVES.format(target=target, legs=legs)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (wrong(legs="()"), NO_WAY),
        (wrong(target="target + 1"), NO_WAY),
        (wrong(legs="(replace(legs[0], contact=10**9), *legs[1:])"), NO_WAY),
        (wrong(legs="(replace(legs[0], contact=-1), *legs[1:])"), NO_WAY),
        (wrong(legs="(replace(legs[0], contact=-7), *legs[1:])"), NO_WAY),
        (wrong(legs="(replace(legs[0], kind='rope'), *legs[1:])"), NO_WAY),
        (wrong(legs="(replace(legs[0], source=99), *legs[1:])"), NO_WAY),
        (wrong(legs="(replace(legs[0], t_end_s=float('nan')), *legs[1:])"), NO_WAY),
        (wrong(legs="(replace(legs[0], t_start_s=-1.0), *legs[1:])"), NO_WAY),
        ("said = Wait(number, belief.t_s, Cause.HEAT, '')", "wait for what is past"),
        ("said = Wait(number, float('nan'), Cause.HEAT, '')", "wait for what is past"),
        ("said = Wait(number, 1e9, 'boredom', '')", "lets job [0-9]+ wait for no known cause"),
        (
            "said = Close(number, False, 'boredom', '')",
            "gives job .* for no known cause: 'boredom'",
        ),
        ("said = Compute(number, 99, one.stage, '')", "computes screen of job .* not due"),
        ("said = Compute(number, node, 'paint', '')", "computes paint of job .* not due"),
        ("said = Compute(10**7, node, one.stage, '')", "answers job [0-9]+ 0 times, not once"),
        ("said = 1 / 0", "division by zero"),
    ],
)
def test_wrong_answers_end_a_run(loaded, tmp_path, monkeypatch, answer, words):
    kind = ZeroDivisionError if "1 / 0" in answer else WorkError
    with pytest.raises(kind, match=words):
        fly_with(loaded, answer, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            "belief.storage.reserve(number, target, 1.0); " + wrong(),
            "keeps room for 1.0 bytes of job [0-9]+, not its pixels",
        ),
        (
            "belief.give(number, node, 1.0); belief.give(number, target, 1.0); " + wrong(),
            "gives job [0-9]+ to a second computer",
        ),
        (
            "said = Wait(number, 1e9, Cause.HEAT, '', 17 * (Alternative(0, None, 'no'),))",
            "tells of 17 alternatives of job [0-9]+, over 16",
        ),
        (
            "said = Wait(number, 1e9, Cause.HEAT, '', (Alternative(10**6, None, 'no'),))",
            "tells of node 1000000: none is so",
        ),
    ],
)
def test_what_the_core_has_no_room_for_ends_a_run(loaded, tmp_path, monkeypatch, answer, words):
    with pytest.raises(WorkError, match=f"{words}.*mend the plug-in"):
        fly_with(loaded, answer, tmp_path, monkeypatch)


def fly_with(world, answer, folder, monkeypatch):
    """Fly with a scheduler that gives an answer once there is a way."""
    code = WRONG.replace("{answer}", answer)
    install(folder / "site", monkeypatch, SCHEDULERS, "mine", "Mine", code)
    world = replace(world, scenario=replace(world.scenario, scheduler="mine"))
    (folder / "run").mkdir()
    simulate(world, world.scenario.architecture("orbital"), folder / "run")

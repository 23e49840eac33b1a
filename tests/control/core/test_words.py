"""Words of many decisions at once are the words of each."""

import numpy as np
import pytest

from core_cases import compare_rows, fly
from perigrid.base.messages import Close
from perigrid.control.core.word_columns import others_told, reasons
from perigrid.scenario.load import load_scenario
from perigrid.sim.decisions import _why
from perigrid.sim.world import build_world


@pytest.fixture(scope="module")
def decided():
    sets = ("hours=3", "demand.deadline_hours=1", "pipeline.classify.ops_per_pixel=2e9")
    world = build_world(load_scenario("three-body", overrides=sets))
    architecture = world.scenario.architecture("orbital")
    flown = fly(world, architecture)
    actions = [one.action for _, decisions in flown.batches for one in decisions]
    return actions, compare_rows(world, architecture, flown)


def test_reasons_by_column(decided):
    actions, (words, decisions, legs, _) = decided
    assert reasons(words, decisions, legs) == [_why(action) for action in actions]
    assert {type(action) for action in actions} >= {Close}


def test_alternatives_by_column(decided):
    actions, (words, decisions, _, others) = decided
    owners, nodes, answers_s, whys = others_told(words, decisions, others)
    told = [
        (owner, node, None if np.isnan(t_s) else t_s, why)
        for owner, node, t_s, why in zip(
            owners.tolist(), nodes.tolist(), answers_s.tolist(), whys, strict=True
        )
    ]
    assert told == [
        (place, one.node, one.t_answer_s, one.why)
        for place, action in enumerate(actions)
        for one in action.alternatives
    ]
    assert (nodes < 0).any()

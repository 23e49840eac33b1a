"""Compiled code that asks Python."""

import numpy as np
import pytest

from perigrid.base.architecture import ORBITAL
from perigrid.control.core.build import build_core
from perigrid.control.core.messages import DECISION, LEG, OTHER
from perigrid.control.core.outside import BROKEN, FAILED, Outside, Question, ask_outside
from perigrid.control.core.shared import shared
from perigrid.physics.compiled import kernel
from perigrid.scenario.load import load_scenario
from perigrid.sim.world import build_world


@kernel
def ask_twice(core, decisions, legs, others, filled):
    c = shared(core, decisions, legs, others, filled)
    return ask_outside(c, 0, 3), ask_outside(c, 0, 4)


@pytest.fixture(scope="module")
def tables():
    world = build_world(load_scenario("three-body", overrides=("hours=0.5",)))
    architecture = world.scenario.architecture(ORBITAL.name)
    mission = world.scenario, world.fleet, world.outlook, architecture, world.jobs
    core = build_core(*mission).core
    made = (np.zeros(8, dtype=kind) for kind in (DECISION, LEG, OTHER))
    return core, *made, np.zeros(3, dtype=np.int64)


def test_python_answers_and_changes_what_is_worked_on(tables):
    def judge(row):
        outside.decisions["verdict"][row] = 7 * row
        return row + 10

    outside = Outside({Question.JUDGE: judge})
    outside.see(*tables)
    assert ask_twice(*tables) == (13, 14)
    assert tables[1]["verdict"][[3, 4]].tolist() == [21, 28]
    outside.raise_failure()


def test_an_answer_that_fails_is_raised_behind_the_kernel_and_nothing_more_is_asked(tables):
    asked = []

    def judge(row):
        asked.append(row)
        raise KeyboardInterrupt

    outside = Outside({Question.JUDGE: judge})
    outside.see(*tables)
    assert ask_twice(*tables) == (FAILED, FAILED)
    assert asked == [3]
    assert tables[0].outside[BROKEN] == 1
    with pytest.raises(KeyboardInterrupt):
        outside.raise_failure()
    outside.raise_failure()

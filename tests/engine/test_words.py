"""Words for whole columns against those of single rows."""

import numpy as np
import pytest

from perigrid.base.architecture import ORBITAL
from perigrid.control.core.build import build_core
from perigrid.control.core.codes import Lost, Why
from perigrid.control.core.messages import CAUSES, CLOUD_CODE, DECISION, LEG, OTHER, ActionKind
from perigrid.control.core.words import cause_words
from perigrid.engine.words import ColumnWords


@pytest.fixture(scope="module")
def words(world):
    scenario = world.scenario
    return build_core(scenario, world.fleet, world.outlook, ORBITAL, world.jobs)[1]


def test_each_row_is_said_what_it_says_alone(words):
    rng, rows = np.random.default_rng(0), np.zeros(300, dtype=DECISION)
    rows["kind"] = rng.integers(0, 4, 300)
    rows["why"] = rng.choice([Why.CHOSEN, Why.HELD, Why.NOT_LASTING, Why.WAY_LATE], 300)
    rows["cause"] = rng.choice([*range(len(CAUSES)), CLOUD_CODE], 300)
    rows["kind"][rows["why"] == Why.WAY_LATE] = ActionKind.CLOSE
    rows["cause"][rows["why"] != Why.RULED_OUT] %= len(CAUSES)
    rows["numbers"][:, :3] = rng.integers(1, 3, (300, 3)) * 100.0
    rows["first_leg"], rows["legs"] = rng.integers(0, 6, 300), rows["why"] == Why.WAY_LATE
    rows["verdict_node"] = -1
    legs = np.zeros(8, dtype=LEG)
    legs["target"] = np.arange(8)
    said = ColumnWords(words).reasons(rows, legs)
    for row, text in zip(rows, said, strict=True):
        alone = words.reason(row, legs)
        missed = row["kind"] == ActionKind.CLOSE and not row["delivered"]
        assert text == (f"{cause_words(int(row['cause']))}: {alone}" if missed else alone)
    late = [text for row, text in zip(rows, said, strict=True) if row["why"] == Why.WAY_LATE]
    assert len(set(late)) > 6, "ways of different stops"
    judged = ColumnWords(words).verdicts(rows)
    assert judged == [words.verdict(0, -1)] * 300


def test_alternatives_lose_for_the_same_reasons(words):
    rng, rows = np.random.default_rng(1), np.zeros(100, dtype=OTHER)
    rows["why"] = rng.choice([Lost.LATER, Lost.NO_ROOM, Lost.HOME_HEAT], 100)
    rows["number"] = rng.choice([np.nan, 60.0, 90.0], 100)
    assert ColumnWords(words).whys(rows) == [words.lost(row) for row in rows]

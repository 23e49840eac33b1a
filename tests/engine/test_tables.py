"""Words for codes, and what tables hold."""

import numpy as np
import polars as pl

from flights import table
from perigrid.base import messages
from perigrid.base.architecture import RELAY
from perigrid.base.jobs import CLOUD, Cause
from perigrid.control.core.build import build_core
from perigrid.control.core.messages import CLOUD_CODE
from perigrid.engine.tables import EVENTS, REASONS, Names, gathered, log_frames
from perigrid.engine.words import ColumnWords
from perigrid.ledger.tables import RUN_ACTIONS, RUN_EVENTS, RUN_LEGS, RUN_OTHERS
from perigrid.sim.run import simulate
from tests.engine.plain import built


def test_codes_become_words_and_none_becomes_nothing():
    assert gathered(np.array([1, -1, 0], dtype=np.int8), ("a", "b")).to_list() == ["b", "", "a"]
    assert REASONS[CLOUD_CODE] == CLOUD
    assert REASONS[: len(Cause)] == tuple(cause.value for cause in Cause)


def test_events_are_named_after_their_messages():
    for name in EVENTS:
        assert hasattr(messages, name)


def test_legs_belong_to_their_moves(world, tmp_path):
    simulate(world, RELAY, tmp_path)
    actions, legs = table(tmp_path, "actions"), table(tmp_path, "legs")
    moves = actions.filter(pl.col("kind") == "move")
    last = legs.group_by("decision", maintain_order=True).last()
    assert last["decision"].to_list() == moves["decision"].to_list()
    assert last["t_arrival_s"].to_list() == moves["t_until_s"].to_list()
    assert last["target"].to_list() == moves["target"].to_list()
    first = legs.group_by("decision", maintain_order=True).first()
    assert first["source"].to_list() == moves["source"].to_list()


def test_an_empty_log_gives_empty_tables_of_the_same_columns(world):
    w = built(world, RELAY)
    words = build_core(world.scenario, world.fleet, world.outlook, RELAY, world.jobs).words
    names = Names(world.fleet.names, world.scenario.pipeline.names)
    frames = log_frames(w.log, w.jobs, names, ColumnWords(words), 1, (0, 0))
    for name, schema in (("actions", RUN_ACTIONS), ("legs", RUN_LEGS), ("others", RUN_OTHERS),
                         ("events", RUN_EVENTS)):  # fmt: skip
        assert frames[name].height == 0
        assert dict(frames[name].schema) == schema

"""Leaves made in the loop against those that anybody makes from the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from perigrid.base.architecture import ORBITAL, RELAY, Architecture
from perigrid.control.core.build import build_core
from perigrid.engine.decided import Decided
from perigrid.engine.fly import fly
from perigrid.engine.parts import PartWriter
from perigrid.engine.recorder import Recorder
from perigrid.engine.state import Count, Status, World
from perigrid.engine.tables import words_pinned
from perigrid.engine.words import ColumnWords
from perigrid.ledger.run_rows import read_rows
from perigrid.ledger.source import open_source
from perigrid.sim import world as sim
from tests.engine.plain import built


@pytest.mark.parametrize("architecture", [ORBITAL, RELAY], ids=lambda one: one.name)
def test_leaves_of_the_loop_are_those_of_the_tables(
    world: sim.World, architecture: Architecture, tmp_path: Path
) -> None:
    world = world.under(architecture)
    core, words, *_ = build_core(
        world.scenario, world.fleet, world.outlook, architecture, world.jobs
    )
    spoken, stages = ColumnWords(words), world.scenario.pipeline.names
    parts = PartWriter(tmp_path, words_pinned(spoken, stages))
    recorder = Recorder(parts, world.fleet, world.outlook, world.outlook.t_s, stages, spoken)
    decided, leaves = Decided(core), []

    def advance(w: World) -> int:
        status = decided(w)
        if status in {Status.LOG_FULL, Status.END}:
            leaves.extend(map(bytes, w.log.leaves[: w.counts[Count.OLD_DECISIONS]]))
        return status

    fly(built(world, architecture), advance, recorder)
    parts.record.close()
    rows = read_rows(open_source(tmp_path), [one.name for one in parts.parts])
    assert rows.legs.height > 0
    assert rows.actions.height == len(leaves) > 0
    assert rows.leaves(words_pinned(spoken, stages), world.fleet.names) == leaves

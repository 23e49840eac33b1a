"""Fly a changed mission without running the detector again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl

from perigrid.base.architecture import Architecture
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.outlook import build_outlook
from perigrid.ledger.source import open_source
from perigrid.ledger.table_file import read_table
from perigrid.scenario.model import Scenario
from perigrid.sim.run import RunResult, simulate
from perigrid.sim.world import World, observed
from perigrid.workload.scene_bank import SceneBank


def world_of(scenario: Scenario, bank: SceneBank) -> World:
    """A world with a bank of scenes that was executed before."""
    fleet = build_fleet(scenario)
    ephemeris = satellite_ephemeris(scenario)
    outlook = build_outlook(scenario, fleet, ephemeris)
    return observed(scenario, fleet, outlook, bank, ephemeris)


def table(folder: Path, name: str) -> pl.DataFrame:
    """A table of a run folder, in one file or in parts."""
    return read_table(open_source(folder), name)


def fly(world: World, architecture: Architecture) -> RunResult:
    """Simulate into a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        return simulate(world, architecture, Path(folder))

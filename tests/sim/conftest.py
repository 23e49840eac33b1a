"""One small world, built once: fleet, outlook, executed scenes and observations."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from missions import SCENARIO
from once import once
from perigrid.base.architecture import COMPARED
from perigrid.sim.compare import compare
from perigrid.sim.world import World, build_world

MISSION = replace(SCENARIO, duration_s=6 * 3600.0, scheduler="lookahead")


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(MISSION)


@pytest.fixture(scope="session")
def comparison(world: World) -> tuple[dict, Path]:
    def make(folder: Path) -> None:
        folder.mkdir()
        compare(world, list(COMPARED), folder)

    folder = once("comparison", make)
    return json.loads((folder / "comparison.json").read_text(encoding="utf-8")), folder

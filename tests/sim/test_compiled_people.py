"""Missions with people, orders, grants and limits of autonomy: compiled, as in Python, to the end."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from governed import OVERRIDES, SCENARIO
from perigrid.ledger.audit import verify_run
from perigrid.ledger.receipts import FOLDER as RECEIPTS
from perigrid.ledger.source import open_source
from perigrid.ledger.table_file import read_table
from perigrid.ledger.tables import ACTIONS, CONTACTS, JOBS, TELEMETRY
from perigrid.report.decision_view import show
from perigrid.report.explain import explain
from perigrid.report.run_book import open_book
from perigrid.scenario.load import load_scenario
from perigrid.sim import checkpoint
from perigrid.sim.audit_replay import replay
from perigrid.sim.compiled import stands_against
from perigrid.sim.cores import Cores
from perigrid.sim.kept_run import Keep, fly
from perigrid.sim.run import simulate, write_run
from perigrid.sim.world import World, build_world

PEOPLE = (
    "approvers=[{name: vega, role: flight-director, delay_minutes: 3, grants_share: 0.7},"
    " {name: okafor, role: safety-officer, delay_minutes: 4}]"
)
ORDERS = (
    "orders=[{kind: stop, by: vega, at_hours: 0.3, for_hours: 0.1, reason: smoke},"
    " {kind: resume, by: okafor, at_hours: 0.35, for_hours: 0.1, reason: no smoke}]"
)
ENVELOPES = "envelopes=[{id: first, actions: [compute], from_hours: 0, until_hours: 0.2}]"
ALONE = ("hours=0.6", "pipeline.executed_scenes=4", "jurisdiction=eu")


@dataclass
class Case:
    """A mission, and what has to happen in it."""

    architecture: str
    overrides: tuple[str, ...]
    kinds: set[str]
    events: set[str]


CASES = {
    "asked": Case("onboard", (*OVERRIDES, PEOPLE), {"ask"}, {"ApprovalAnswered"}),
    "ordered": Case(
        "orbital", (*OVERRIDES, PEOPLE, ORDERS), {"ask", "stop", "resume"}, {"Ordered"}
    ),
    "stopped": Case("orbital", (*ALONE, PEOPLE, ORDERS), {"stop"}, {"Ordered", "AuthorityExpired"}),
    "lent": Case("orbital", ("hours=3",), set(), set()),
    "alone": Case("onboard", (*ALONE, "autonomy_hours=0.2"), set(), set()),
}

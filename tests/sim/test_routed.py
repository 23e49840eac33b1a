"""Compute jobs fly through the engine that observations fly through: whole, broken off, resumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from flight_cases import STORM, small
from perigrid.base.architecture import BENT_PIPE, ONBOARD, ORBITAL, Architecture
from perigrid.engine.state import Count, Ended
from perigrid.engine.state import World as Flown
from perigrid.scenario.model import Scenario
from perigrid.scenario.oversight import Oversight, PlannedOrder
from perigrid.sim import checkpoint, compiled
from perigrid.sim.compiled import fly_compiled
from perigrid.sim.kept_run import Keep
from perigrid.sim.trace import Trace
from perigrid.sim.world import build_world
from tests.sim.test_oversight import PEOPLE, TWO

Flight = Callable[..., tuple[Trace, Flown]]


@pytest.fixture
def flight(monkeypatch: pytest.MonkeyPatch) -> Flight:
    """Flies a scenario into a folder; gives what it leaves, and its arrays."""
    left: dict[str, Flown] = {}
    fly = compiled.fly

    def watched(*given: Any) -> Flown:
        left["world"] = fly(*given)
        return left["world"]

    monkeypatch.setattr(compiled, "fly", watched)
    monkeypatch.setattr(compiled, "jobs_frame", lambda *_: None)  # tested where it is made

    def fly_it(
        scenario: Scenario, folder: Path, architecture: Architecture = ORBITAL, **more: Any
    ) -> tuple[Trace, Flown]:
        folder.mkdir(exist_ok=True)
        with fly_compiled(build_world(scenario), architecture, folder, **more) as (trace, ledger):
            ledger.seal(scenario.duration_s)
        return trace, left["world"]

    return fly_it


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(sorted((folder / name).glob("*.parquet")))


def check(trace: Trace, w: Flown) -> None:
    """No joule and no second is lost, and no answer comes twice or late."""
    assert trace.balance_error < 1e-9
    delivered = w.jobs["ended"] == Ended.DELIVERED
    assert (w.jobs["t_end_s"][delivered] <= w.jobs["deadline_s"][delivered]).all()
    over = w.jobs["ended"] != Ended.IN_FLIGHT
    life_s = w.jobs["t_end_s"] - w.jobs["t_capture_s"]
    np.testing.assert_allclose(w.waits_s.sum(axis=1)[over], life_s[over], rtol=1e-6, atol=1e-6)
    assert (w.sats["held_bytes"] >= -1.0).all()
    assert w.counts[Count.TAKEN] == len(w.jobs)


@pytest.mark.parametrize(
    ("architecture", "origin"),
    [(ORBITAL, "ground"), (ORBITAL, "satellites"), (ONBOARD, "satellites"), (BENT_PIPE, "ground")],
    ids=lambda one: getattr(one, "name", one),
)
def test_jobs_are_served_under_every_architecture(
    flight: Flight, tmp_path: Path, architecture: Architecture, origin: str
) -> None:
    trace, w = flight(small(f"jobs.origin={origin}"), tmp_path, architecture)
    check(trace, w)
    assert (w.jobs["ended"] == Ended.DELIVERED).sum() > 30
    legs = table(tmp_path, "legs")
    kinds = set(legs["kind"])
    wanted = {
        "orbital": {"crosslink", "downlink"}, "onboard": {"downlink"}, "bent-pipe": {"terrestrial"},
    }  # fmt: skip
    assert kinds == wanted[architecture.name]
    assert (trace.held_laser_j > 0.0) == (architecture is ORBITAL)


def test_satellites_of_several_groups_serve_together(flight: Flight, tmp_path: Path) -> None:
    scenario = small("jobs.origin=satellites")
    (shell,) = scenario.flown
    orbit = replace(shell.orbit, altitude_m=1300.0e3)
    blind = replace(shell, name="blind", computer=None, orbit=orbit)
    trace, w = flight(replace(scenario, groups=(*scenario.groups, blind)), tmp_path)
    check(trace, w)
    computed = w.jobs["node"][w.jobs["done"] > 0]
    assert set(computed.tolist()) <= set(range(48))
    assert len(computed) > 30


def test_an_order_stops_a_fleet_whose_ways_are_routes(flight: Flight, tmp_path: Path) -> None:
    stop = PlannedOrder("stop", "day", 600.0, 600.0, (), "all")
    scenario = replace(small(), oversight=Oversight(PEOPLE, TWO, orders=(stop,)))
    trace, w = flight(scenario, tmp_path)
    check(trace, w)
    (told,) = trace.approvals["stops"]
    assert (told["reached"], told["nodes"]) == (48, 48)
    # It takes 2 s to send, and some hundredths to arrive; until then a node knows of no stop.
    meanwhile = pl.col("t_s").is_between(603.0, 1199.0)
    moved = table(tmp_path, "events").filter(meanwhile, pl.col("kind") == "Moved")
    assert set(moved["product"]) == {"answer"}, "what goes down is safe"
    wanted = table(tmp_path, "actions").filter(meanwhile, pl.col("product") == "raw")
    assert wanted.height > 50
    assert set(wanted["rule"]) == {"stop"}


def test_a_storm_breaks_no_limit(flight: Flight, tmp_path: Path) -> None:
    trace, w = flight(small(*STORM, "faults.crash_every_hours=0.1", "jobs.count=2000"), tmp_path)
    check(trace, w)
    assert trace.faults is not None
    for name in ("lost_tasks", "suspect_results", "retries"):
        assert trace.faults[name] > 0, name


def test_a_flight_that_is_broken_off_goes_on_to_the_same_bytes(
    flight: Flight, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = small(*STORM)
    flight(scenario, tmp_path / "whole")
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 300.0)
    monkeypatch.setattr(checkpoint, "SHARE", 1e9)
    (tmp_path / "work").mkdir()
    keep = Keep(tmp_path / "work", "key", None)

    def stop(_: str, share: float) -> None:
        if share > 0.75:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flight(scenario, tmp_path / "run", keep=keep, progress=stop)
    shares: list[float] = []
    flight(scenario, tmp_path / "run", keep=keep, progress=lambda _, share: shares.append(share))
    assert shares[0] == pytest.approx(2 / 3), "in the midst of a block of legs"
    run, whole = tmp_path / "run", tmp_path / "whole"
    names = [sorted(p.relative_to(one) for p in one.rglob("*.*")) for one in (run, whole)]
    assert names[0] == names[1]
    for name in names[0]:
        assert (run / name).read_bytes() == (whole / name).read_bytes(), name

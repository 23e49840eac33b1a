from pathlib import Path

import polars as pl
import pytest

from perigrid.base.messages import Close, Verdict
from perigrid.sim import decisions as module
from perigrid.sim.decisions import Decisions

ALLOW = Verdict("allow", "", "")


def fill(decisions: Decisions, numbers: range) -> int:
    held = 0
    for number in numbers:
        close = Close(number, delivered=number % 2 == 0, reason="cloud", detail="seen")
        decisions.add(number, 1.5 * number, close, ALLOW)
        held = max(held, decisions.rows_held)
    return held


def test_rows_in_memory_do_not_grow_with_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS_HELD", 10)
    decisions = Decisions((), tmp_path)
    assert fill(decisions, range(95)) < 10
    decisions.finish(tmp_path / "actions.parquet")
    rows = pl.read_parquet(tmp_path / "actions.parquet")
    assert rows["job_id"].to_list() == list(range(95))
    assert rows["reason"].unique().to_list() == ["cloud: seen"]


def test_restored_decisions_go_on_as_if_nothing_had_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS_HELD", 10)
    broken = Decisions((), tmp_path)
    fill(broken, range(33))
    kept = {name: list(value) for name, value in broken.state().items()}
    fill(broken, range(33, 60))
    resumed = Decisions((), tmp_path)
    resumed.restore(kept)
    fill(resumed, range(33, 95))
    resumed.finish(tmp_path / "actions.parquet")
    rows = pl.read_parquet(tmp_path / "actions.parquet")
    assert rows["sequence"].to_list() == list(range(95))

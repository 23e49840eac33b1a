"""Timings and how they are shown."""

import subprocess
import sys

import numpy as np
import pytest

from perigrid.benchmark.measure import Timing, best_of, duel, peak_memory_bytes, render

PEAK = "from perigrid.benchmark.measure import peak_memory_bytes as peak; print(peak())"


def test_the_ratio_is_the_references_time_over_ours():
    row = Timing("a", 0.5, "other", 2.0, demand=3.0)
    assert row.ratio == pytest.approx(4.0)
    assert not row.short
    assert Timing("a", 0.5, "other", 1.0, demand=3.0).short


def test_without_a_reference_there_is_no_ratio():
    row = Timing("a", 0.5, demand=3.0)
    assert row.ratio is None
    assert not row.short


def test_the_record_has_the_contracts_fields():
    keys = set(Timing("a", 0.5).to_dict())
    assert keys >= {
        *("name", "ours_s", "reference", "reference_s", "ratio", "demand", "agreement", "unit")
    }


def test_best_of_runs_once_untimed_and_keeps_the_answer():
    calls = []
    seconds, answer = best_of(lambda: calls.append(1) or len(calls), 3)
    assert answer == 4
    assert seconds >= 0.0


def test_empty_columns_are_left_out():
    alone = render([Timing("propagate", 0.25, cpu_s=0.5)])
    assert "CPU" in alone
    assert "ratio" not in alone
    compared = render([Timing("passes", 1.0, "skyfield", 8.0, demand=10.0)])
    assert "8 x" in compared
    assert "10 x (short)" in compared


def test_a_duel_takes_turns_and_keeps_the_quickest():
    order, ticks = [], iter([0, 1, 3, 10, 15, 16, 20, 21, 30])
    told = duel(
        lambda: order.append("ours"), lambda: order.append("theirs"), 3, lambda: next(ticks)
    )
    assert order == ["ours", "theirs"] * 4
    assert (told.ours_s, told.reference_s) == (1, 1)


@pytest.mark.slow
def test_peak_memory_is_that_of_this_process_alone():
    before = peak_memory_bytes()
    assert 2e7 < before < 1e11
    held = np.ones(int(before / 8) + 10_000_000)
    assert peak_memory_bytes() > before + 7e7
    command = [sys.executable, "-c", PEAK]
    child = subprocess.run(command, check=True, capture_output=True, text=True)
    assert float(child.stdout) < held.nbytes

"""What judging and recording an action costs when a thousand a second are due."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from perigrid.base.messages import Move
from perigrid.benchmark.measure import Timing
from perigrid.control.policy.gate import Gate
from perigrid.ledger.disk import Disk
from perigrid.ledger.record import RecordWriter
from perigrid.live.runner import GROUP

RATE_HZ: Final = 1000.0
"""Actions a second that the design asks for."""

P99_LIMIT_S: Final = 0.010
"""Longest that judging and recording one of them may take, 99 times of 100."""

_SLICE_S: Final = 1.0
"""Record and bare disk take turns, so that both meet the same spells of a disk that others use."""


def bench_recording(gate: Gate, moves: Sequence[Move], seconds_s: float) -> list[Timing]:
    """Judge and record at a thousand actions a second, and write as many bytes without a record.

    As in a live run, what became due while the disk was busy shares one wait for it.

    Parameters
    ----------
    gate : Gate
        Judges.
    moves : sequence of Move
        Taken in turn.
    seconds_s : float
        For how long either is kept up [s].

    Returns
    -------
    list of Timing
        How long after it was due 99 of 100 actions were on the disk: beside the design's limit, and
        beside the disk alone.
    """
    recorded_s: list[float] = []
    cpu_s: list[float] = []
    bare_s: list[float] = []
    slices = max(1, round(seconds_s / _SLICE_S))
    count = math.ceil(seconds_s * RATE_HZ / slices)
    with tempfile.TemporaryDirectory() as folder:
        record = RecordWriter(Path(folder) / "ledger", flush_each=True)
        file = Disk().append_to(Path(folder) / "bare", new=True)
        done = 0

        def judge(due: int) -> None:
            nonlocal done
            for _ in range(due):
                move = moves[done % len(moves)]
                record.actions(done / RATE_HZ, [(move, gate.judge(move))], settled=False)
                done += 1
            record.sync()

        for _ in range(slices):
            wall_s, work_s = _kept_up(judge, count)
            recorded_s += wall_s
            cpu_s += work_s
            mark = record.sync()
            line = bytes(mark.nbytes // mark.length)

            def write(due: int, line: bytes = line) -> None:
                file.write(line * due)
                file.sync()

            bare_s += _kept_up(write, count)[0]
        file.close()
        record.close()
    ours_s, disk_s = (float(np.percentile(one, 99.0)) for one in (recorded_s, bare_s))
    work_p99_s = float(np.percentile(cpu_s, 99.0))
    name = f"gate and record at {RATE_HZ:g} actions/s, 99th percentile"
    return [
        Timing(name, ours_s, "the design's limit", P99_LIMIT_S, 1.0, cpu_s=work_p99_s),
        Timing("the same, beside the disk alone", ours_s, "write and sync", disk_s),
    ]


def _kept_up(work: Callable[[int], None], count: int) -> tuple[list[float], list[float]]:
    """Do what is due at the rate, several at once after a delay.

    Parameters
    ----------
    work : callable
        Told how many are due; returns once they are on the disk.
    count : int
        How many in all.

    Returns
    -------
    wall_s, cpu_s : list of float
        How long after it was due each was done, and the work it took [s].
    """
    wall_s: list[float] = []
    cpu_s: list[float] = []
    started_s = time.perf_counter()
    while (first := len(wall_s)) < count:
        due_s = started_s + first / RATE_HZ
        while (now_s := time.perf_counter()) < due_s:
            time.sleep(max(0.0, due_s - now_s - 1e-4))
        arrived = max(first, int((now_s - started_s) * RATE_HZ)) + 1
        due = min(count, first + GROUP, arrived)
        work_s = time.process_time()
        work(due - first)
        cpu_s += [(time.process_time() - work_s) / (due - first)] * (due - first)
        done_s = time.perf_counter() - started_s
        wall_s += [done_s - n / RATE_HZ for n in range(first, due)]
    return wall_s, cpu_s

"""Same scenario and seed, same bytes: in another process, on another number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

ARGUMENTS = ["three-body", "--hours", "1", "--set", "pipeline.executed_scenes=8", "-q"]
THREAD_VARIABLES = ("PERIGRID_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS")


def compare(folder: Path, threads: int, *more: str) -> None:
    environment = {**os.environ, **dict.fromkeys(THREAD_VARIABLES, str(threads))}
    command = [sys.executable, "-m", "perigrid", "compare", *ARGUMENTS, *more, "-o", str(folder)]
    subprocess.run(command, check=True, env=environment, capture_output=True)


@pytest.mark.parametrize(
    "architectures",
    [("relay", "orbital"), pytest.param(("bent-pipe", "onboard"), marks=pytest.mark.slow)],
)
def test_threads_do_not_change_a_byte_and_the_seed_does(
    tmp_path: Path, architectures: tuple[str, str]
) -> None:
    one, two, other = tmp_path / "one", tmp_path / "two", tmp_path / "other"
    compare(one, 1, "--arch", ",".join(architectures))
    compare(two, 2, "--arch", ",".join(architectures))
    compare(other, 2, "--seed", "7", "--arch", architectures[1])
    for name in architectures:
        places = (path.relative_to(one / name) for path in (one / name).rglob("*.parquet"))
        tables = sorted(place.as_posix() for place in places)
        assert {"actions/part-00000.parquet", "contacts.parquet", "jobs.parquet",
                "telemetry/part-00000.parquet"} <= set(tables)  # fmt: skip
        for table in tables:
            assert (one / name / table).read_bytes() == (two / name / table).read_bytes()
            assert_frame_equal(
                pl.read_parquet(one / name / table), pl.read_parquet(two / name / table)
            )
        records = [folder / name / "ledger" / "record.jsonl" for folder in (one, two)]
        assert records[0].read_bytes() == records[1].read_bytes()
        summaries = [(folder / name / "summary.json").read_text() for folder in (one, two)]
        assert summaries[0] == summaries[1]
    first = (one / architectures[1] / "summary.json").read_text()
    assert first != (other / architectures[1] / "summary.json").read_text()

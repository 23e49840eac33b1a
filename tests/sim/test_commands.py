"""Kill -9 and --resume, through the command line, against a run that nobody disturbed."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killed_at.py")
SHORT = ("three-body", "--hours", "2", "--set", "pipeline.executed_scenes=8")
PAIR = ("--arch", "bent-pipe,orbital")


def perigrid(folder: Path, kill: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), kill, *arguments, "-o", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def digests(folder: Path) -> dict[str, str]:
    return {
        place.relative_to(folder).as_posix(): hashlib.sha256(place.read_bytes()).hexdigest()
        for place in sorted(folder.rglob("*"))
        if place.is_file()
    }


def partial_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.partial")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("plain") / "whole"
    done = perigrid(folder, "0:0", "compare", *SHORT, *PAIR)
    assert done.returncode == 0, done.stderr
    return digests(folder)


# Flights are counted in each process: on the way, after going on, and after going on twice.
@pytest.mark.parametrize(
    "kills", [("2:235",), pytest.param(("1:119", "2:150", "1:235"), marks=pytest.mark.slow)]
)
def test_a_killed_comparison_ends_with_the_same_bytes(
    undisturbed: dict[str, str], tmp_path: Path, kills: tuple[str, ...]
) -> None:
    folder, command = tmp_path / "out", ("compare", *SHORT, *PAIR)
    kept = partial_of(folder) / "run" / "bent-pipe" / "jobs.parquet"
    for number, kill in enumerate(kills):
        died = perigrid(folder, kill, *command, "--resume")
        assert died.returncode == -signal.SIGKILL, died.stderr
        assert ("going on with" if number else "nothing to resume") in died.stderr
        assert not folder.exists()
    assert len(list((partial_of(folder) / "work").rglob("*.checkpoint"))) == 2
    written_ns = kept.stat().st_mtime_ns

    other = perigrid(folder, "0:0", *command, "--seed", "5", "--resume")
    assert other.returncode == 2
    assert "is another one: command, digest, seed differ" in other.stderr
    assert "--resume`, or start afresh" in other.stderr

    done = perigrid(folder, "0:0", *command, "--resume")
    assert done.returncode == 0, done.stderr
    assert digests(folder) == undisturbed
    assert [place.name for place in tmp_path.iterdir()] == ["out"]
    # What had been finished before the kill was not flown again.
    assert (folder / "bent-pipe" / "jobs.parquet").stat().st_mtime_ns == written_ns

    again = perigrid(folder, "0:0", *command, "--resume")
    assert again.returncode == 0
    assert "complete already" in again.stderr
    assert digests(folder) == undisturbed


@pytest.mark.slow
def test_without_the_flag_a_run_starts_afresh_and_says_so(
    undisturbed: dict[str, str], tmp_path: Path
) -> None:
    folder, command = tmp_path / "run", ("run", *SHORT, "--arch", "orbital")
    died = perigrid(folder, "1:100", *command)
    assert died.returncode == -signal.SIGKILL, died.stderr
    done = perigrid(folder, "0:0", *command)
    assert done.returncode == 0, done.stderr
    assert "removing an interrupted run (perigrid run three-body" in done.stderr
    assert "--resume would have gone on" in done.stderr
    assert [place.name for place in tmp_path.iterdir()] == ["run"]
    # The record pins the command and seals the manifest with it: the tables are what is the same.
    for table in ("actions", "jobs", "telemetry", "contacts"):
        name = f"{table}.parquet"
        assert digests(folder)[name] == undisturbed[f"orbital/{name}"]


@pytest.mark.slow
def test_a_killed_run_with_people_puts_nobody_twice(tmp_path: Path) -> None:
    people = "[{name: rosalind, role: pilot, delay_minutes: 3}]"
    orders = "[{kind: stop, by: rosalind, at_hours: 0.4, for_hours: 0.1, reason: smoke}]"
    settings = ("--set", f"approvers={people}", "--set", f"orders={orders}")
    command = ("run", *SHORT, *settings, "--arch", "onboard")
    whole = perigrid(tmp_path / "whole", "0:0", *command)
    assert whole.returncode == 0, whole.stderr
    # Killed after the order, gone on with from a checkpoint before it.
    died = perigrid(tmp_path / "out", "1:55", *command, "--resume")
    assert died.returncode == -signal.SIGKILL, died.stderr
    kept = partial_of(tmp_path / "out") / "run" / "ledger" / "side.jsonl"
    assert kept.read_text().count("smoke") == 1
    done = perigrid(tmp_path / "out", "0:0", *command, "--resume")
    assert done.returncode == 0, done.stderr
    assert "going on with" in done.stderr
    assert digests(tmp_path / "out") == digests(tmp_path / "whole")
    said = (tmp_path / "out" / "ledger" / "side.jsonl").read_text()
    assert (said.count("rosalind"), said.count("smoke")) == (1, 1)


OWN = (
    "--set", "architectures=[{name: mixed, compute: {screen: [origin], '*': [data-centre]}, "
    "carry: {raw: [relay]}}, hosted]",
)  # fmt: skip


@pytest.mark.slow
def test_a_killed_comparison_of_other_architectures_ends_with_the_same_bytes(
    tmp_path: Path,
) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "out"
    assert perigrid(whole, "0:0", "compare", *SHORT, *OWN).returncode == 0
    for kill in ("1:119", "2:150"):
        died = perigrid(folder, kill, "compare", *SHORT, *OWN, "--resume")
        assert died.returncode == -signal.SIGKILL, died.stderr
    done = perigrid(folder, "0:0", "compare", *SHORT, *OWN, "--resume")
    assert done.returncode == 0, done.stderr
    assert digests(folder) == digests(whole)
    assert sorted(place.name for place in tmp_path.iterdir()) == ["out", "whole"]

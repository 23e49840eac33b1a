"""Somebody who reads README and docs: which commands they show, and how to try each in small."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import click
import numpy as np
from click.testing import CliRunner, Result

from perigrid.base.digest import action_hash
from perigrid.base.messages import AskApproval, Compute
from perigrid.cli.main import main
from perigrid.live.asking import PeopleAtInbox
from perigrid.scenario.model import Demand
from perigrid.scenario.pipeline import Pipeline
from perigrid.workload.scene_bank import SceneBank, build_bank

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "design").glob("*.md")),
]
EXAMPLE = re.compile(r"^(?: {4}|.*&& )(perigrid [a-z].*)$", re.MULTILINE)

SHORT = "--hours 0.1 --seed 20260822 --set pipeline.executed_scenes=4"
FEW = "groups.shell.orbit.walker"
SMALL = {
    r"perigrid (fly|run mega-constellation) ": f"--hours 0.2 --jobs 50 --set {FEW}.planes=4 "
    f"--set {FEW}.satellites_per_plane=5",
    r"perigrid compare .*(-o storm|governed|six-hours)": f"{SHORT} --arch orbital",
    r"perigrid (run|compare) ": SHORT,
    r"perigrid (plan|contacts [a-z])": "--hours 0.25",
    r"perigrid routes ": "--hours 0.05",
}
"""What makes a command short, in place of its own hours and jobs; the first that fits counts."""

IN_SMALL = {" 205.20": " 3.20"}
"""Decisions that the pages name, as a short run numbers them: before them stand fewer roots."""

YES = "y\n"

NOT_RUN = {
    r"perigrid fly .*--resume": "goes on after a kill; tests/cli/test_fly.py holds it",
    r"perigrid validate$": "tests/validation/test_catalogue.py runs every case",
    r"perigrid bench": "times kernels for minutes; tests/benchmark holds it",
    r"perigrid serve": "serves until it is stopped; its pages are asked for below",
    r"perigrid data (fetch|install)": "needs the network, or files from it",
}

ORDER = (
    r"perigrid (init|scenarios|policy|validate|data|keys new)",
    r"perigrid keys list",
    r"perigrid (compare|run|fly) (?!.*--resume)",
    r"perigrid (compare|run|fly) ",
    r"perigrid contacts (?!--from-ion)",
    r"perigrid audit (keygen|verify out|show|diff)",
    r"perigrid audit sign .*operator",
    r"perigrid audit sign",
    r"perigrid audit export",
    r"perigrid approvals (list|show)",
    r"perigrid approvals (?!.*--lift)",
    r"perigrid approvals",
    r"perigrid audit erase",
    r"",
)
"""What a reader does first, so that later commands find its files."""


def examples() -> Iterator[str]:
    """Every command that a page shows."""
    for page in PAGES:
        for line in EXAMPLE.findall(page.read_text(encoding="utf-8")):
            for part in line.split("&&"):
                yield part.split("#")[0].strip()


def rank(line: str) -> tuple[int, str]:
    return next(i for i, first in enumerate(ORDER) if re.match(first, line)), line


def reason_not_to_run(line: str) -> str:
    return next((why for what, why in NOT_RUN.items() if re.match(what, line)), "")


def in_order() -> list[str]:
    """Commands that are run, each after those whose files it needs."""
    return sorted({line for line in examples() if not reason_not_to_run(line)}, key=rank)


def flags_of(command: click.Command) -> set[str]:
    """Every flag of a command and of the commands below it."""
    own = {flag for one in command.params for flag in (*one.opts, *one.secondary_opts)}
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return {flag for flag in own if flag.startswith("-")}.union(*map(flags_of, below))


def command_of(line: str) -> tuple[click.Command, str, list[str]]:
    """Find the command behind a line, with its name and what is left of the line."""
    name, *words = shlex.split(line)[1:]
    command: click.Command = main.commands[name]
    while isinstance(command, click.Group):
        name, *words = words
        command = command.commands[name]
    return command, name, words


_BANKS: dict[object, SceneBank] = {}


def bank_at_hand(
    pipeline: Pipeline,
    demand: Demand,
    rng: np.random.Generator,
    n_scenes: int,
    *rest: Any,
    **more: Any,
) -> SceneBank:
    """Execute the models on each set of scenes once, not once for every command."""
    clouds = (demand.cloud_cover_mean, demand.cloud_cover_concentration)
    key = (
        pipeline.cloud_limit,
        more.get("classifier") is None,
        clouds,
        str(rng.bit_generator.state),
        n_scenes,
    )
    if key not in _BANKS:
        _BANKS[key] = build_bank(pipeline, demand, rng, n_scenes, *rest, **more)
    return _BANKS[key]


@dataclass
class Reader:
    """Tries commands in a folder of its own.

    Parameters
    ----------
    folder : Path
        Where the reader stands; the examples of the repository lie in it.
    small : bool
        Whether runs are cut short.
    """

    folder: Path
    small: bool = True
    done: dict[str, Result] = field(default_factory=dict)
    _seen: dict[tuple[str, ...], Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shutil.copytree(ROOT / "examples", self.folder / "examples")
        self._ask()

    def _ask(self) -> None:
        """Have a live run put one request into the inbox."""
        shutil.rmtree(self.folder / "inbox", ignore_errors=True)
        people = PeopleAtInbox(self.folder / "inbox", 1.0)
        subject = Compute(17, 0, "screen", "")
        role = ("flight-director",)
        digest = action_hash(subject)
        people.ask(AskApproval(17, "watch", subject, digest, "seen", 10.0, 900.0, 1, role))
        people.heard(20.0)

    def try_all(self, lines: list[str]) -> None:
        """Run commands one after the other, each in this process."""
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with mock.patch("perigrid.sim.world.build_bank", bank_at_hand):
                for line in lines:
                    self._try(line)
        finally:
            os.chdir(before)

    def _try(self, line: str) -> None:
        words = tuple(self.words(line))
        if words not in self._seen:
            self._have_at_hand(line)
            self._seen[words] = CliRunner().invoke(main, list(words), YES)
        self.done[line] = self._seen[words]

    def words(self, line: str) -> list[str]:
        """A line as it is run here."""
        line = line.replace("17-3fa2c1", "17-")  # the rest follows from the run that asks
        for named, in_small in IN_SMALL.items() if self.small else ():
            line = line.replace(named, in_small)
        cut = next((cut for what, cut in SMALL.items() if re.match(what, line)), None)
        if self.small and cut is not None:
            line = re.sub(r" --(hours|jobs) [0-9.]+", "", line) + " " + cut
        return shlex.split(line)[1:]

    def _have_at_hand(self, line: str) -> None:
        """What somebody has who would type this: a place for it, keys and logs from others."""
        if line.startswith("perigrid init"):
            shutil.rmtree("my-mission", ignore_errors=True)
        if re.match(r"perigrid approvals (grant|refuse)", line):
            self._ask()
        if "trusted.txt" in line and not Path("trusted.txt").exists():
            self._gather_keys()
        if "reconcile" in line and not Path("North.jsonl").exists():
            shared = "run examples/two-operators/scenario.yaml -o shared "
            CliRunner().invoke(main, shlex.split(shared + SHORT), catch_exceptions=False)
            for path in Path("shared/receipts").iterdir():
                shutil.copy(path, path.name)
            shutil.copy("keys.txt", "operators.txt")

    def _gather_keys(self) -> None:
        """Trust who signed the comparison, and keep a checkpoint of it."""
        logs = sorted(Path("out/three-body-compare").glob("**/ledger"))
        keys = "".join((log / "keys").read_text(encoding="utf-8") for log in logs)
        Path("trusted.txt").write_text(keys, encoding="utf-8")
        for log in logs[:1]:
            shutil.copy(log / "checkpoint", "earlier-checkpoint")

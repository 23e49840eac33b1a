"""One flight of the engine: fresh, or from a checkpoint, with its tables streamed to files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perigrid.base.architecture import Architecture
from perigrid.base.codec import digest
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.progress import Progress
from perigrid.control.approver_model import cards_of
from perigrid.control.controller import Controller
from perigrid.ledger.comparison import Compared
from perigrid.ledger.disk import replace_file
from perigrid.ledger.receipts import FOLDER as RECEIPTS
from perigrid.ledger.receipts import write_logs
from perigrid.ledger.record import RecordMark
from perigrid.ledger.seal import LEDGER, RunLedger, demand_kept
from perigrid.sim.checkpoint import ANEW, Checkpoints, Keeper, Notice, seal_of, world_digest
from perigrid.sim.disk import sync_tree
from perigrid.sim.engine import BeforeStep, Engine
from perigrid.sim.run_files import RUN, UNFINISHED, remove
from perigrid.sim.staging import FINISHED, Staging
from perigrid.sim.trace import Trace
from perigrid.sim.world import World


@dataclass(frozen=True, slots=True)
class Keep:
    """Where the checkpoints of a command's flights are written.

    Parameters
    ----------
    work : Path
        Existing folder.
    key : str
        Digest of everything that the results are computed from but the architecture.
    notice : callable, optional
        Told what the user should know.
    """

    work: Path
    key: str
    notice: Notice | None = None

    @classmethod
    def of(cls, staging: Staging, world: World, notice: Notice | None = None) -> Keep:
        """Keep the flights of a command over one world.

        Parameters
        ----------
        staging : Staging
            Where it is written.
        world : World
            What is flown.
        notice : callable, optional
            Told what the user should know.

        Returns
        -------
        Keep
            For :func:`perigrid.sim.run.simulate`.
        """
        return cls(staging.work, work_key(staging.identity, world_digest(world)), notice)

    def place(self, architecture: Architecture) -> Path:
        """Give the working folder of a flight.

        Parameters
        ----------
        architecture : Architecture
            Which.

        Returns
        -------
        Path
            Made if missing.
        """
        place = self.work / architecture.name
        place.mkdir(exist_ok=True)
        return place

    def checkpoints(self, architecture: Architecture) -> Checkpoints:
        """Open the checkpoints of a flight.

        Parameters
        ----------
        architecture : Architecture
            Which.

        Returns
        -------
        Checkpoints
            In its working folder.
        """
        work = self.place(architecture)
        return Checkpoints(work, f"{self.key}:{architecture.name}", self.notice)

    def is_finished(self, architecture: Architecture, folder: Path) -> bool:
        """Say whether a flight was finished before.

        Parameters
        ----------
        architecture : Architecture
            Which.
        folder : Path
            Its run folder.

        Returns
        -------
        bool
            Then its folder is whole.

        Raises
        ------
        RunFolderError
            If it was finished over another world, or its folder is not as it was but for what was
            erased of people.
        """
        mark = self._mark(architecture)
        if not mark.is_file():
            return False
        key, _, code = mark.read_text(encoding="utf-8").partition("\n")
        if key != self.key:
            message = "a part of the interrupted run was computed from other inputs than today's"
            raise RunFolderError([Problem(message, ANEW, path=str(mark))])
        if code != seal_of(self.key, folder):
            message = "a finished part of the interrupted run was altered, or written by another"
            remedy = "start afresh: run the same command without --resume"
            raise RunFolderError([Problem(message, remedy, path=str(folder))])
        demand_kept(folder)
        return True

    def finish(self, architecture: Architecture, folder: Path) -> None:
        """Note that a flight's folder is whole, and drop what it was made from.

        Parameters
        ----------
        architecture : Architecture
            Which.
        folder : Path
            Its run folder.
        """
        sync_tree(folder)
        with suppress(RunFolderError):  # without a key for checkpoints nothing is gone on with
            code = seal_of(self.key, folder)
            replace_file(self._mark(architecture), f"{self.key}\n{code}".encode())
        remove(self.work / architecture.name, UNFINISHED, f"work/{architecture.name}/")

    def _mark(self, architecture: Architecture) -> Path:
        return self.work / f"{architecture.name}{FINISHED}"


def work_key(identity: Mapping[str, Any], world: str) -> str:
    """Digest of what the results of a command are computed from.

    Parameters
    ----------
    identity : mapping
        Which command.
    world : str
        From :func:`perigrid.sim.checkpoint.world_digest`.

    Returns
    -------
    str
        Hexadecimal.
    """
    return digest([dict(identity), world])


@contextmanager
def fly(
    world: World,
    architecture: Architecture,
    folder: Path,
    progress: Progress | None = None,
    part: Compared | None = None,
) -> Iterator[tuple[Trace, RunLedger]]:
    """Fly an architecture in one go.

    Parameters
    ----------
    world : World
        Shared by all architectures.
    architecture : Architecture
        Which.
    folder : Path
        Run folder; gets the ledger and the tables that grow with the run.
    progress : callable, optional
        Told a label and a share from 0 to 1.
    part : Compared, optional
        Of which comparison the run is, if of any.

    Yields
    ------
    trace : Trace
        Everything else.
    ledger : RunLedger
        Open, to be sealed once all files are written.
    """
    controller = Controller(world.scenario, world.fleet, world.outlook, architecture, world.jobs)
    with _recording(world, architecture, folder, None, part) as ledger:
        with tempfile.TemporaryDirectory(prefix=".parts-", dir=folder) as work:
            engine = Engine(world, controller, architecture, ledger.record, Path(work))
            trace = _finished(engine, folder, progress, None)
        yield trace, ledger


@contextmanager
def fly_kept(
    world: World,
    architecture: Architecture,
    folder: Path,
    keep: Keep,
    progress: Progress | None = None,
    part: Compared | None = None,
) -> Iterator[tuple[Trace, RunLedger]]:
    """Fly an architecture with checkpoints, from the last one if there is any.

    Parameters
    ----------
    world : World
        Shared by all architectures.
    architecture : Architecture
        Which.
    folder : Path
        Run folder; gets the ledger and the tables that grow with the run.
    keep : Keep
        Where checkpoints are.
    progress : callable, optional
        Told a label and a share from 0 to 1.
    part : Compared, optional
        Of which comparison the run is, if of any.

    Yields
    ------
    trace : Trace
        The same as if it had never been interrupted.
    ledger : RunLedger
        Open, to be sealed once all files are written.
    """
    work, checkpoints = keep.place(architecture), keep.checkpoints(architecture)
    found = checkpoints.newest()
    controller = Controller(world.scenario, world.fleet, world.outlook, architecture, world.jobs)
    mark = None if found is None else found.mark
    with _recording(world, architecture, folder, mark, part) as ledger:
        keeper = Keeper(checkpoints, world, controller, ledger.record, keep.notice)
        engine = Engine(world, controller, architecture, ledger.record, work)
        if found is not None:
            keeper.restore(engine, found)
        yield _finished(engine, folder, progress, keeper.before_step), ledger


@contextmanager
def _recording(
    world: World,
    architecture: Architecture,
    folder: Path,
    mark: RecordMark | None,
    part: Compared | None,
) -> Iterator[RunLedger]:
    """Open a ledger, new or after a mark."""
    if mark is None:
        # Of a flight that never came to a checkpoint.
        remove(folder / LEDGER, RUN, f"{LEDGER}/")
    people = cards_of(world.scenario)
    pins = None if part is None else part.pins()
    ledger = RunLedger(world, architecture.name, folder, after=mark, people=people, part=pins)
    try:
        yield ledger
    finally:
        ledger.close()


def _finished(
    engine: Engine, folder: Path, progress: Progress | None, before_step: BeforeStep | None
) -> Trace:
    """Fly to the end and write the tables that grew on the way."""
    trace = engine.run(progress, before_step)
    engine.finish_tables(folder)
    if (lender := trace.lender) is not None:
        write_logs(folder / RECEIPTS, lender.grants, lender.receipts, lender.keys())
    return trace

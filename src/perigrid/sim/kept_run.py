"""Where the flights of a command keep what they can be gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perigrid.base.architecture import Architecture
from perigrid.base.codec import digest
from perigrid.base.errors import Problem, RunFolderError
from perigrid.ledger.disk import replace_file
from perigrid.ledger.seal import demand_kept
from perigrid.sim.checkpoint import ANEW, Checkpoints, Notice, seal_of, world_digest
from perigrid.sim.disk import sync_tree
from perigrid.sim.run_files import UNFINISHED, remove
from perigrid.sim.staging import FINISHED, Staging
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

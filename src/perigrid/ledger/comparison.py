"""The ledger of a comparison: one signature over the state of every run, and all its own files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from perigrid.ledger.leaf import FILE_NAME
from perigrid.ledger.note import Checkpoint, parse_checkpoint, parse_note
from perigrid.ledger.pins import COMPARISON, PinnedWorld, shared_pins
from perigrid.ledger.record import RecordWriter
from perigrid.ledger.seal import CHECKPOINT, KEYS, LEDGER, UNIX_EPOCH, Signers, seal_record
from perigrid.ledger.source import Source

COMPARED: Final = "compare"
"""Stands in pins and manifests where those of a run name its architecture."""

_BOTH: Final = "with and without"


@dataclass(frozen=True, slots=True)
class Compared:
    """Which comparison something is part of; the same in all its parts.

    Parameters
    ----------
    scenario : str
        Digest of the scenario, with its rules.
    seed : int
        Of the scenario.
    hours : float
        Length of every run [h].
    architectures : tuple of str
        That are compared, in order.
    both : bool
        Whether all are flown with the scenario's rules and without them.
    folder : str
        Where the part stands; empty for the whole.
    """

    scenario: str
    seed: int
    hours: float
    architectures: tuple[str, ...]
    both: bool = False
    folder: str = ""

    def inside(self, folder: str) -> Compared:
        """Name a part of it.

        Parameters
        ----------
        folder : str
            Within this part.

        Returns
        -------
        Compared
            The same comparison.
        """
        return replace(self, folder=f"{self.folder}/{folder}".strip("/"))

    def pins(self) -> dict[str, Any]:
        """Write it into the pins of a record.

        Returns
        -------
        dict
            JSON values by the one key that parts of comparisons have.
        """
        content = {
            "folder": self.folder,
            "scenario": self.scenario,
            "seed": self.seed,
            "hours": self.hours,
            "architectures": list(self.architectures),
            "rules": _BOTH if self.both else "as given",
        }
        return {COMPARISON: content}


def part_of(pins: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Say of what pins whether they are of a part of a comparison, and of which.

    Parameters
    ----------
    pins : mapping
        First record of a ledger.

    Returns
    -------
    folder : str
        Where the part stands.
    comparison : dict
        The same in all parts of one comparison; empty if it is of none.
    """
    stated = pins.get(COMPARISON)
    if not isinstance(stated, dict):
        return "", {}
    comparison = {key: value for key, value in stated.items() if key != "folder"}
    return str(stated.get("folder", "")), comparison


def compared_in(pins: Mapping[str, Any]) -> Compared | None:
    """Read from pins of which comparison they are.

    Parameters
    ----------
    pins : mapping
        First record of a ledger.

    Returns
    -------
    Compared or None
        None if they are of no comparison, or not as :meth:`Compared.pins` writes it.
    """
    folder, stated = part_of(pins)
    try:
        found = Compared(
            str(stated["scenario"]),
            int(stated["seed"]),
            float(stated["hours"]),
            tuple(map(str, stated["architectures"])),
            both=stated["rules"] == _BOTH,
            folder=folder,
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return found if found.pins()[COMPARISON] == pins[COMPARISON] else None


def seal_comparison(
    folder: Path, world: PinnedWorld, part: Compared, inner: Sequence[str]
) -> Checkpoint:
    """Sign a comparison as a whole; nothing may be written into its folder after.

    Parameters
    ----------
    folder : Path
        Holds the sealed runs; a ledger that an earlier attempt left is replaced.
    world : PinnedWorld
        What every run shared.
    part : Compared
        Which comparison.
    inner : sequence of str
        Folders in it that have ledgers of their own, in order.

    Returns
    -------
    Checkpoint
        What was signed.
    """
    scenario = world.scenario
    pins = {**shared_pins(world, COMPARED), **part.pins()}
    t_unix_s = round(scenario.start.plus(scenario.duration_s).seconds_since(UNIX_EPOCH))
    signers = Signers.simulated(scenario.seed)
    return seal_folder(folder, pins, inner, signers, scenario.duration_s, t_unix_s)


def seal_folder(
    folder: Path,
    pins: Mapping[str, Any],
    inner: Sequence[str],
    signers: Signers,
    t_s: float,
    t_unix_s: int,
) -> Checkpoint:
    """Sign a folder of runs: what it was made for, the state of each run, and all other files.

    Parameters
    ----------
    folder : Path
        Holds the sealed runs; a ledger that an earlier attempt left is replaced.
    pins : mapping
        What its record begins with.
    inner : sequence of str
        Folders in it that have ledgers of their own, in order.
    signers : Signers
        Who signs.
    t_s : float
        Time of the end [s].
    t_unix_s : int
        The same since 1970, for the witness [s].

    Returns
    -------
    Checkpoint
        What was signed.
    """
    for name in (FILE_NAME, CHECKPOINT, KEYS):
        (folder / LEDGER / name).unlink(missing_ok=True)
    record = RecordWriter(folder / LEDGER)
    try:
        record.pins(pins)
        for name in inner:
            state = checkpoint_of(Source(name, folder / name))
            record.run(t_s, name, state.origin, state.size, state.root)
        return seal_record(record, folder, signers, t_s, t_unix_s, inner)
    finally:
        record.close()


def checkpoint_of(run: Source) -> Checkpoint:
    """Read the state of a run's ledger that was signed; signatures are not checked.

    Parameters
    ----------
    run : Source
        Of one run.

    Returns
    -------
    Checkpoint
        Of its log on the ground.

    Raises
    ------
    RunFolderError
        If there is none.
    """
    return parse_checkpoint(parse_note(run.read(f"{LEDGER}/{CHECKPOINT}")).text)

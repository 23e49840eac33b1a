"""Whether a run folder follows from what it was pinned to, shown from the folder alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from perigrid.base.errors import RunFolderError
from perigrid.base.messages import Ordered
from perigrid.base.version import VERSION
from perigrid.control.policy.build import build_policies
from perigrid.ledger.leaf import FILE_NAME as RECORD_FILE
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.pins import LIVE, decisive_pins
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import understood
from perigrid.sim import reflight
from perigrid.sim.cores import Core, Cores, pins_of
from perigrid.sim.replay import first_difference
from perigrid.sim.staging import MANIFEST

_DECIDED: Final = ("replayed: every decision follows from the recorded events",)
_FLOWN: Final = (
    "replayed: every decision follows from the recorded events",
    "flown again: every record, figure and table comes out the same, over the whole length",
)
_AS_STATED: Final = (
    "what the models said of each scene is taken from scenes.json, and the manifest's command, "
    "warnings, versions and origins of numbers as they are stated",
)
_AS_STATED_ALONE: Final = (
    "the manifest's command, warnings, versions and origins of numbers are taken as stated",
)
_SCENES: Final = "scenes"
"""Key of the pins of a run whose models were executed on scenes."""
_SAID: Final = {
    "scenario": "the scenario",
    "elements": "the orbital elements",
    "contacts": "the contacts",
    "policy": "the rules",
}


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found.

    Parameters
    ----------
    run : str
        Which run.
    differs : tuple of str
        What the run was pinned to and is not so here; then nothing was replayed.
    first : int or None
        Sequence number of the first record that a fresh core would not have written.
    files : tuple of (str, str)
        Files that come out otherwise when the run is flown again, and how.
    shown : tuple of str
        What the replay shows if there is no doubt.
    notes : tuple of str
        What the replay does not show.
    """

    run: str
    differs: tuple[str, ...] = ()
    first: int | None = None
    files: tuple[tuple[str, str], ...] = ()
    shown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything follows from what the folder holds."""
        return not self.differs and self.first is None and not self.files

    def doubts(self) -> list[tuple[str, str]]:
        """Say why not to believe the run.

        Returns
        -------
        list of (str, str)
            Where, and what is wrong; empty if all follows.
        """
        found = [("not replayed", one) for one in self.differs]
        if self.first is not None:
            found.append(("replay", f"record {self.first} is not what its events lead to"))
        return [*found, *self.files]


def replay(run: Source, cores: Cores) -> Replay:
    """Fly a run again from what its folder holds, and compare the record and every file.

    A live run cannot be flown again: its recorded events are fed to a fresh decision core.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.
    cores : Cores
        Where its decision core comes from.

    Returns
    -------
    Replay
        What differs, or where.

    Raises
    ------
    RunFolderError
        If the record cannot be read, or there is no scenario.
    """
    with understood(run.label):
        return _replayed(run, cores)


def _replayed(run: Source, cores: Cores) -> Replay:
    pins = pins_of(run)
    core = cores.of(run)
    differs = differences(run, pins, core)
    if differs:
        return Replay(run.label, tuple(differs))
    if pins.get("mode") == LIVE or pins.get("perigrid") != VERSION:
        return _decided_again(run, pins, core)
    try:
        world = cores.world(run, pins)
    except RunFolderError as error:
        return Replay(run.label, (error.problems[0].message,))
    # The seal says which run it was: people's words are gone, so that their orders' signatures
    # are not those of another flight, and are asked here.
    first = _first_undecided(run, pins, core) if _of_people(run) else None
    flown, files = reflight.differences(run, pins, world)
    first = flown if first is None else min(first, first if flown is None else flown)
    notes = _AS_STATED if _SCENES in pins else _AS_STATED_ALONE
    return Replay(run.label, first=first, files=tuple(files), shown=_FLOWN, notes=notes)


def _decided_again(run: Source, pins: dict[str, Any], core: Core) -> Replay:
    """Feed the recorded events to a fresh decision core, of a run that cannot be flown again."""
    first = _first_undecided(run, pins, core)
    if pins.get("mode") == LIVE:
        note = "of a live run approvals with real keys cannot be replayed from the folder"
        return Replay(run.label, first=first, shown=_DECIDED, notes=(note,))
    return Replay(run.label, first=first, files=((MANIFEST, _of_another_version(pins)),))


def _of_another_version(pins: Mapping[str, Any]) -> str:
    what = f"it is of Perigrid {pins.get('perigrid')}, this is {VERSION}: figures and tables were"
    return f"{what} not compared; replay it with the version that flew it"


def _first_undecided(run: Source, pins: dict[str, Any], core: Core) -> int | None:
    architecture = core.scenario.architecture(pins["architecture"])
    with record_folder(run) as ledger:
        return first_difference(ledger, core.scenario, core.fleet, core.outlook, architecture)


def _of_people(run: Source) -> bool:
    """Say whether people gave orders in a run."""
    return f'"{Ordered.__name__}"'.encode() in run.read(RECORD)


def differences(run: Source, pins: dict[str, Any], core: Core) -> list[str]:
    """Say what of a run's pins is not so of a decision core.

    Parameters
    ----------
    run : Source
        For its manifest.
    pins : dict
        From :func:`pins_of`.
    core : Core
        With which the run would be replayed.

    Returns
    -------
    list of str
        In words with both digests; empty if all is the same.
    """
    found = _otherwise(pins, decisive_pins(core.scenario, core.outlook))
    if not found and run.has(MANIFEST):
        pinned = run.json(MANIFEST).get("policy", {})
        digests = build_policies(core.scenario, core.fleet).digests()
        found = [
            f"the {key} of policy: the run has {_short(pinned.get(key))}, here it is {value[:16]}"
            for key, value in digests.items()
            if pinned.get(key) != value
        ]
    return found


def _otherwise(pins: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """Say which pins are not those of what is here."""
    return [
        f"{_SAID[key]}: the run has {_short(pins.get(key))}, here it is {_short(value)}"
        for key, value in here.items()
        if pins.get(key) != value
    ]


@contextmanager
def record_folder(run: Source) -> Iterator[Path]:
    """Give the folder of a run's record, a passing one for a bundle.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.

    Yields
    ------
    Path
        The ``ledger`` folder.
    """
    if run.folder is not None:
        yield run.folder / Path(RECORD).parent
        return
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / RECORD_FILE).write_bytes(run.read(RECORD))
        yield Path(scratch)


def _short(value: object) -> str:
    """Digest of a pin, cut to what a person compares."""
    if isinstance(value, dict):
        value = value.get("digest") or ", ".join(
            f"{key} {str(one)[:16]}" for key, one in value.items()
        )
        return str(value)[:80] if "," in str(value) else str(value)[:16]
    return str(value)[:16] if value else "none"

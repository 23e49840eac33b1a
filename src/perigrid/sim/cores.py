"""Decision cores of run folders, built from the scenario that each folder holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from perigrid.base.errors import Problem, RunFolderError
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import Fleet, Outlook
from perigrid.fleet.outlook import build_outlook, outlook_under
from perigrid.ledger.leaf import RECORD, parse_line
from perigrid.ledger.source import MAX_JSON_BYTES, Source
from perigrid.ledger.table_file import understood
from perigrid.scenario.model import Scenario
from perigrid.scenario.stored import FILE_NAME, read_scenario
from perigrid.sim.reflight import stored_bank
from perigrid.sim.world import World, observed


@dataclass(frozen=True, slots=True)
class Core:
    """What a decision core is built from.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    fleet, outlook
        What there is, and what decisions cannot change.
    """

    scenario: Scenario
    fleet: Fleet
    outlook: Outlook


class Cores:
    """Decision cores of run folders; runs of one scenario share what takes time.

    Parameters
    ----------
    scenario : Scenario, optional
        Instead of the one that the folder holds.
    """

    def __init__(self, scenario: Scenario | None = None) -> None:
        self._given = scenario
        self._built: dict[str, Core] = {}
        self._under: dict[tuple[str, str], Core] = {}
        self._worlds: dict[tuple[str, str], World] = {}

    def scenario(self, run: Source) -> Scenario:
        """Give the mission of a run.

        Parameters
        ----------
        run : Source
            Of one run.

        Returns
        -------
        Scenario
            The one given, or else the folder's.

        Raises
        ------
        RunFolderError
            If none was given and the folder holds none.
        """
        return self._given or scenario_of(run)

    def of(self, run: Source) -> Core:
        """Build what a run was decided with.

        Parameters
        ----------
        run : Source
            Of one run.

        Returns
        -------
        Core
            Not yet compared with the run's pins.

        Raises
        ------
        RunFolderError
            If no scenario was given and the folder holds none.
        """
        scenario = self.scenario(run)
        core = self._built.get(scenario.digest)
        if core is None:
            fleet = build_fleet(scenario)
            core = Core(scenario, fleet, build_outlook(scenario, fleet))
            self._built[scenario.digest] = core
        name = str(pins_of(run).get("architecture"))
        if (scenario.digest, name) not in self._under:
            architecture = scenario.architecture(name)
            outlook = outlook_under(scenario, core.fleet, core.outlook, architecture)
            self._under[scenario.digest, name] = replace(core, outlook=outlook)
        return self._under[scenario.digest, name]

    def world(self, run: Source, pins: Mapping[str, Any]) -> World:
        """Build what a run was flown over; runs of one comparison share it.

        Parameters
        ----------
        run : Source
            Of one run.
        pins : mapping
            What it was pinned to.

        Returns
        -------
        World
            With the scenes as the run was given them; no model is executed.
        """
        core = self._built[self.of(run).scenario.digest]
        key = (core.scenario.digest, str(pins.get("scenes")))
        if key not in self._worlds:
            bank = stored_bank(run, pins)
            self._worlds[key] = observed(core.scenario, core.fleet, core.outlook, bank)
        return self._worlds[key]


def scenario_of(run: Source) -> Scenario:
    """Read the scenario that a run folder holds.

    Parameters
    ----------
    run : Source
        Of one run.

    Returns
    -------
    Scenario
        Its digest is that of the text.

    Raises
    ------
    RunFolderError
        If there is none.
    """
    if not run.has(FILE_NAME):
        message = f"the run folder holds no {FILE_NAME}"
        raise RunFolderError([Problem(message, "give the scenario with --scenario", run.label)])
    with understood(run.label):
        text = run.read(FILE_NAME, MAX_JSON_BYTES).decode("utf-8")
        return read_scenario(text, f"{run.label}/{FILE_NAME}")


def pins_of(run: Source) -> dict[str, Any]:
    """Read what a run was pinned to.

    Parameters
    ----------
    run : Source
        Of one run.

    Returns
    -------
    dict
        JSON values of its first record.

    Raises
    ------
    RunFolderError
        If the record does not begin with pins.
    """
    line = parse_line(run.read(RECORD).partition(b"\n")[0])
    pins = None if line is None else line.entry.get("pins")
    if not isinstance(pins, dict):
        message = "the record does not begin with what decided"
        raise RunFolderError([Problem(message, "run again", f"{run.label}/{RECORD}")])
    return pins

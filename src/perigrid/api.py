"""The Python face of Perigrid: open a scenario, plan it, run it, compare its architectures."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perigrid.base.architecture import Architecture
from perigrid.base.errors import Problem, ScenarioError
from perigrid.base.progress import Progress
from perigrid.scenario.abilities import abilities, able
from perigrid.scenario.model import Scenario

if TYPE_CHECKING:
    import polars as pl

    from perigrid.sim.contact_list import ContactList

Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """One architecture, simulated."""

    summary: dict[str, Any]
    jobs: pl.DataFrame
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several architectures over the same jobs."""

    result: dict[str, Any]
    folder: Path | None

    def table(self) -> str:
        """Lay the architectures out side by side.

        Returns
        -------
        str
            The answer in a sentence, the comparison table and, where it was asked for, what the
            rules cost, as plain text.
        """
        from perigrid.report.impact import render_cost
        from perigrid.report.table import render

        cost = render_cost(self.result)
        return f"{render(self.result)}\n\n{cost}" if cost else render(self.result)


@dataclass(frozen=True, slots=True)
class Study:
    """A scenario that can be planned, run and compared.

    Parameters
    ----------
    scenario : Scenario
        Parsed and validated.
    opened : str
        Path or library name it came from.
    overrides : tuple of str
        Changes it was opened with.
    """

    scenario: Scenario
    opened: str = ""
    overrides: tuple[str, ...] = ()

    @classmethod
    def open(cls, scenario: str, *, overrides: tuple[str, ...] = ()) -> Study:
        """Load a scenario by path or library name.

        Parameters
        ----------
        scenario : str
            Path or library name.
        overrides : tuple of str
            ``dotted.path=value`` changes.

        Returns
        -------
        Study
            Ready to run.
        """
        from perigrid.scenario.load import load_scenario

        return cls(load_scenario(scenario, overrides=overrides), scenario, overrides)

    def plan(self, progress: Progress | None = None) -> dict[str, Any]:
        """Orbits, light, contacts, power and heat margins, what binds; runs no job.

        Parameters
        ----------
        progress : callable, optional
            Told a label and a share from 0 to 1.

        Returns
        -------
        dict
            As ``perigrid plan --json`` prints it, but for the warnings of the scenario.
        """
        from perigrid.sim.plan import plan

        return plan(self.scenario, progress)

    def routes(
        self, start: str, end: str, disjoint: int = 0, progress: Progress | None = None
    ) -> dict[str, Any]:
        """Follow the quickest route between two nodes of the relay network through the run.

        Parameters
        ----------
        start, end : str
            Names of gateways or relay satellites.
        disjoint : int
            How many paths without a satellite in common to look for at the start.
        progress : callable, optional
            Told a label and a share from 0 to 1.

        Returns
        -------
        dict
            As ``perigrid routes --json`` prints it, but for the warnings of the scenario.
        """
        from perigrid.sim.routes import routes

        return routes(self.scenario, start, end, disjoint, progress)

    def contacts(self, progress: Progress | None = None) -> ContactList:
        """Every contact window; runs no job.

        Parameters
        ----------
        progress : callable, optional
            Told a label and a share from 0 to 1.

        Returns
        -------
        ContactList
            As ``perigrid contacts`` shows it.
        """
        from perigrid.sim.contact_list import list_contacts

        return list_contacts(self.scenario, progress)

    def run(
        self,
        arch: str,
        out: Path | None = None,
        progress: Progress | None = None,
        command: str = "",
        *,
        resume: bool = False,
        notice: Notice | None = None,
    ) -> Run:
        """Fly one architecture.

        Parameters
        ----------
        arch : str
            ``bent-pipe``, ``relay``, ``onboard`` or ``orbital``.
        out : Path, optional
            Run folder to write; nothing is kept if left out.
        progress : callable, optional
            Told a label and a share from 0 to 1.
        command : str
            How to reproduce it, for the manifest.
        resume : bool
            Go on with an interrupted run of the same kind into the same folder, if there is one.
        notice : callable, optional
            Told about interrupted runs.

        Returns
        -------
        Run
            Summary and jobs.
        """
        from perigrid.sim.commands import run

        architecture = self._architectures((arch,))[0]
        with _target(out, "run") as target:
            result = run(
                *(self.scenario, architecture, target, command, progress),
                keep=out is not None,
                resume=resume,
                notice=notice,
            )
        return Run(result.summary, result.jobs, out)

    def compare(
        self,
        archs: tuple[str, ...] | None = None,
        out: Path | None = None,
        progress: Progress | None = None,
        command: str = "",
        *,
        hours: float | None = None,
        resume: bool = False,
        notice: Notice | None = None,
        both: bool = False,
        report: bool = False,
    ) -> Comparison:
        """Fly several architectures over the same observations.

        Parameters
        ----------
        archs : tuple of str, optional
            Names; all of the scenario if left out.
        out : Path, optional
            Folder to write; nothing is kept if left out.
        progress : callable, optional
            Told a label and a share from 0 to 1.
        command : str
            How to reproduce it, for the manifest.
        hours : float, optional
            Length of the run instead of the scenario's [h].
        resume : bool
            Go on with an interrupted run of the same kind into the same folder, if there is one.
        notice : callable, optional
            Told about interrupted runs.
        both : bool
            Fly each a second time without the scenario's rules, and say what they cost.
        report : bool
            Also write ``report.html`` into the folder, signed with all else that stands there.

        Returns
        -------
        Comparison
            The result, with a table.
        """
        from perigrid.sim.commands import compare

        if hours is not None:
            again = Study.open(self.opened, overrides=(*self.overrides, f"hours={hours!r}"))
            kept: dict[str, Any] = {"resume": resume, "notice": notice, "both": both}
            kept["report"] = report
            return again.compare(archs, out, progress, command, **kept)
        dress = _write_report if report else None
        chosen = self._architectures(archs or self.scenario.architectures)
        with _target(out, "comparison") as target:
            result = compare(
                *(self.scenario, chosen, target, command, progress),
                keep=out is not None,
                resume=resume,
                notice=notice,
                both=both,
                dress=dress,
            )
        return Comparison(result, out)

    def without_rules(self) -> Study:
        """Leave out the scenario's rules, packs, approvals, orders, timers and grants.

        Returns
        -------
        Study
            The same mission otherwise; what holds in every gate still holds.
        """
        from perigrid.scenario.without_rules import without_rules

        return Study(without_rules(self.scenario), self.opened, self.overrides)

    def _architectures(self, names: tuple[str, ...]) -> tuple[Architecture, ...]:
        """Check names and drop repeats.

        Returns
        -------
        tuple of Architecture
            In the order given.

        Raises
        ------
        ScenarioError
            For an unknown name, or one that the scenario has not the equipment for.
        """
        scenario = self.scenario
        lacking = abilities(scenario, scenario.own_architectures)
        for name in names:
            if lacking.get(name, "-"):
                known = name in lacking
                needs = f"architecture {name} needs {lacking[name]}" if known else ""
                message = needs or f"no architecture is called {name!r}"
                remedy = f"choose from {', '.join(able(scenario))}" + (
                    ", or add that" if known else ""
                )
                raise ScenarioError([Problem(message, remedy, path="--arch")])
        return tuple(scenario.architecture(name) for name in dict.fromkeys(names))


def _write_report(folder: Path) -> None:
    from perigrid.report.html import write_report

    write_report(folder, folder / "report.html")


@contextmanager
def _target(out: Path | None, name: str) -> Iterator[Path]:
    """Give the folder to write, a passing one if nothing is to be kept."""
    if out is not None:
        yield out
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield Path(scratch) / name

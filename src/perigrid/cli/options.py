"""Flags that commands share, turned into overrides of the scenario."""

from __future__ import annotations

import functools
import math
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from perigrid.base.architecture import BUILT_IN

Command = Callable[..., None]
_QUIET: Final = "Print the result only: no progress, no hints."
_JSON: Final = "Print one JSON document to stdout."
_STALE: Final = "Take element sets that are more than 30 days away from the start."
WITHHELD: Final = "withheld"
_OF_PEOPLE: Final = frozenset({"approvers", "orders"})
_PERSONAL: Final = frozenset({"name", "key", "by", "reason"})
"""Keys of the lists of people and orders that say who somebody is, or what."""


class PositiveNumber(click.ParamType[float]):
    """A finite number above zero."""

    name = "number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the number.

        Parameters
        ----------
        value : object
            As typed.
        param : click.Parameter or None
            The flag.
        ctx : click.Context or None
            The running command.

        Returns
        -------
        float
            Finite and above zero.
        """
        try:
            number = float(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a number", param, ctx)
        if not math.isfinite(number) or number <= 0.0:
            self.fail(f"{value} is not a finite number above zero", param, ctx)
        return number


class OutputFile(click.Path):
    """A file to write: refused before any work if it cannot be."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,  # noqa: ARG002  the base class's signature
        ctx: click.Context | None,  # noqa: ARG002  see above
    ) -> Path:
        """Read the path.

        Parameters
        ----------
        value : str or path
            As typed.
        param : click.Parameter or None
            The flag.
        ctx : click.Context or None
            The running command.

        Returns
        -------
        Path
            That can be written.
        """
        from perigrid.ledger.outputs import check_output

        place = Path(os.fspath(value))
        check_output(place)
        return place


class ArchitectureList(click.ParamType[tuple[str, ...]]):
    """Names of architectures, separated by commas."""

    name = "a,b,.."

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Split the names; which there are says the scenario.

        Parameters
        ----------
        value : object
            As typed.
        param : click.Parameter or None
            The flag.
        ctx : click.Context or None
            The running command.

        Returns
        -------
        tuple of str
            In the order given, repeats dropped.
        """
        names = tuple(dict.fromkeys(name.strip() for name in str(value).split(",")))
        if not all(names):
            known = f"{', '.join(BUILT_IN)} and the scenario's own"
            self.fail(f"{str(value)!r} leaves a name out: choose from {known}", param, ctx)
        return names


def json_option(command: Command) -> Command:
    """Add ``--json``, and accept ``-q`` where there is nothing to keep quiet about.

    Parameters
    ----------
    command : callable
        Takes ``as_json``.

    Returns
    -------
    callable
        The same command with two more flags.
    """
    command = click.option("-q", "--quiet", is_flag=True, expose_value=False, help=_QUIET)(command)
    return click.option("--json", "as_json", is_flag=True, help=_JSON)(command)


def output_options(command: Command) -> Command:
    """Add ``--json`` and ``-q``.

    Parameters
    ----------
    command : callable
        Takes ``as_json`` and ``quiet``.

    Returns
    -------
    callable
        The same command with two more flags.
    """
    command = click.option("-q", "--quiet", is_flag=True, help=_QUIET)(command)
    return click.option("--json", "as_json", is_flag=True, help=_JSON)(command)


def scenario_options(command: Command) -> Command:
    """Add the SCENARIO argument and the flags that change it.

    Parameters
    ----------
    command : callable
        Takes ``scenario`` and ``overrides`` besides its own parameters.

    Returns
    -------
    callable
        The command with the flags of every scenario command, ``--json`` and ``-q`` included.
    """
    return _with_scenario(command, required=True)


def optional_scenario_options(command: Command) -> Command:
    """Add the same flags for a command that also does without a SCENARIO.

    Parameters
    ----------
    command : callable
        Takes ``scenario``, which may be None, and ``overrides`` besides its own parameters.

    Returns
    -------
    callable
        As :func:`scenario_options`.
    """
    return _with_scenario(command, required=False)


def _with_scenario(command: Command, *, required: bool) -> Command:
    @functools.wraps(command)
    def with_overrides(
        *,
        hours: float | None,
        step_s: float | None,
        seed: int | None,
        stale: bool,
        assignments: tuple[str, ...],
        **rest: Any,  # noqa: ANN401  the command's own flags pass through
    ) -> None:
        command(overrides=overrides(hours, step_s, seed, assignments, stale=stale), **rest)

    for add in (
        click.option(
            "--set",
            "assignments",
            multiple=True,
            metavar="KEY=VALUE",
            help="Change one key, such as pipeline.drop_above_cloud=0.3; may be repeated.",
        ),
        click.option("--stale", is_flag=True, help=_STALE),
        click.option("--seed", type=click.IntRange(min=0), help="Seed of everything random."),
        click.option("--step", "step_s", type=PositiveNumber(), metavar="S", help="Time step [s]."),
        click.option("--hours", type=PositiveNumber(), metavar="H", help="Length of the run [h]."),
        click.argument("scenario", required=required),
    ):
        with_overrides = add(with_overrides)
    return output_options(with_overrides)


def overrides(
    hours: float | None,
    step_s: float | None,
    seed: int | None,
    assignments: tuple[str, ...],
    *,
    stale: bool = False,
) -> tuple[str, ...]:
    """Write the flags as overrides; the named flags win over ``--set``.

    Parameters
    ----------
    hours : float or None
        Length of the run [h].
    step_s : float or None
        Time step [s].
    seed : int or None
        Seed.
    assignments : tuple of str
        ``key=value`` as given to ``--set``.
    stale : bool
        Take old element sets.

    Returns
    -------
    tuple of str
        For ``Study.open``.
    """
    named = (
        ("hours", hours),
        ("step_s", step_s),
        ("seed", seed),
        ("stale", "true" if stale else None),
    )
    return assignments + tuple(f"{key}={value}" for key, value in named if value is not None)


def resume_option(command: Command) -> Command:
    """Add ``--resume``.

    Parameters
    ----------
    command : callable
        The command's function.

    Returns
    -------
    callable
        With the flag.
    """
    text = "Go on with an interrupted run of the same command; from the start if there is none."
    return click.option("--resume", is_flag=True, help=text)(command)


def output_folder(given: Path | None, scenario: str, what: str) -> Path:
    """Choose where a run is written.

    Parameters
    ----------
    given : Path or None
        Value of ``-o``.
    scenario : str
        Name of the scenario.
    what : str
        Architecture, or ``compare``.

    Returns
    -------
    Path
        ``out/<scenario>-<what>`` unless a folder was given.
    """
    return given if given is not None else Path("out") / f"{scenario}-{what}"


def command_line(
    command: str, scenario: str, overrides: tuple[str, ...], architectures: str
) -> str:
    """Write the command that repeats a run, for its manifest.

    Parameters
    ----------
    command : str
        ``run`` or ``compare``.
    scenario : str
        As given.
    overrides : tuple of str
        ``key=value``, the named flags included.
    architectures : str
        Value of ``--arch``; empty if it was left out.

    Returns
    -------
    str
        One line for a shell. Where the run is written is left out: it does not change it; so are
        names and words of people, which a run folder keeps where they can be erased.
    """
    words = ["perigrid", command, scenario]
    if architectures:
        words += ["--arch", architectures]
    for assignment in overrides:
        words += ["--set", _impersonal(assignment)]
    return shlex.join(words)


def _impersonal(assignment: str) -> str:
    """Leave the value out of an override that may say who people are or what they say."""
    path, equals, _ = assignment.partition("=")
    first, *rest = path.strip().split(".")
    plain = rest and not rest[-1].isdecimal() and rest[-1] not in _PERSONAL
    return assignment if first not in _OF_PEOPLE or plain else f"{path}{equals}{WITHHELD}"

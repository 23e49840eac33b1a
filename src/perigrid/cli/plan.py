"""``perigrid plan``: what a mission offers before any job runs."""

from __future__ import annotations

from typing import Any

import click

from perigrid.cli.options import scenario_options
from perigrid.cli.output import columns, hint, print_json, progress


@click.command()
@scenario_options
def plan(scenario: str, overrides: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Orbits, light, contacts, power and heat margins, what binds; runs no job."""
    from perigrid.api import Study

    study = Study.open(scenario, overrides=overrides)
    with progress(quiet=quiet) as tell:
        planned = study.plan(tell)
    if as_json:
        print_json(planned)
        return
    click.echo(plan_text(planned))
    for warning in planned["warnings"]:
        hint(f"warning: {warning}", quiet=quiet)


def plan_text(planned: dict[str, Any]) -> str:
    """Lay a plan out for the terminal.

    Parameters
    ----------
    planned : dict
        As ``perigrid plan --json`` prints it.

    Returns
    -------
    str
        Heading, satellites, contacts, power, and what binds.
    """
    heading = (
        f"{planned['scenario']}: {planned['title']}\n"
        f"{planned['hours']:g} h from {planned['start']}, "
        f"{planned['fleet']['satellites']} satellites, {planned['fleet']['relays']} relays, "
        f"{planned['fleet']['stations']} stations"
    )
    blocks = [heading, _satellites(planned["satellites"]), _contacts(planned["contacts"])]
    return "\n\n".join([*blocks, _margins(planned["fleet"]), f"Binds: {planned['binds']}"])


def _satellites(satellites: list[dict[str, Any]]) -> str:
    """One line per satellite."""
    rows: list[tuple[str, ...]] = [
        ("satellite", "altitude", "sunlit", "array", "sustained", "bound by", "element age")
    ]
    rows += [
        (
            one["name"],
            f"{one['altitude_km']:.0f} km",
            f"{one['sunlit_share']:.0%}",
            f"{one['array_w_mean']:.0f} W",
            f"{one['sustained_compute_w']:.0f} W",
            one["bound_by"],
            f"{one['element_age_days']:.1f} d",
        )
        for one in satellites
    ]
    return columns(rows, right=(1, 2, 3, 4, 6))


def _contacts(contacts: dict[str, dict[str, float]]) -> str:
    """One line per kind of contact."""
    rows: list[tuple[str, ...]] = [
        ("contact", "windows", "per satellite and day", "volume", "median window")
    ]
    rows += [
        (
            kind,
            f"{one['windows']}",
            f"{one['minutes_per_satellite_day']:.1f} min",
            f"{one['gigabytes_per_satellite_day']:.1f} GB",
            f"{one['median_window_s']:.0f} s",
        )
        for kind, one in contacts.items()
    ]
    return columns(rows, right=(1, 2, 3, 4))


def _margins(fleet: dict[str, float]) -> str:
    """Means over the fleet."""
    return (
        f"Power, mean over the fleet: {fleet['array_w_mean']:.0f} W from the array, "
        f"{fleet['bus_load_w']:.0f} W for the bus, "
        f"{fleet['sustained_compute_w']:.0f} W of {fleet['compute_peak_w']:.0f} W "
        "for computing, sustained.\n"
        f"Heat from outside on a radiator: at most {fleet['environment_w_max']:.0f} W."
    )

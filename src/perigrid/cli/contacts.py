"""``perigrid contacts``: who can send to whom and when; contact plans to and from ION."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perigrid.cli.options import OutputFile, PositiveNumber, optional_scenario_options
from perigrid.cli.output import columns, hint, print_json, progress, warn

if TYPE_CHECKING:
    from perigrid.api import Study
    from perigrid.control.contact_plan.ways import Way
    from perigrid.scenario.ion_contact_plan import IonPlan
    from perigrid.sim.contact_list import ContactList

_FILE = click.Path(path_type=Path, dir_okay=False)
_OUTPUT = OutputFile()
_SECONDS_PER_MINUTE = 60.0


@click.command()
@click.option("--ion", type=_OUTPUT, help="Write the windows as a contact plan for ION.")
@click.option(
    "--decimals", is_flag=True, help="Keep fractions in --ion's file; ION itself reads none."
)
@click.option("--csv", "table", type=_OUTPUT, help="Write one line per window.")
@click.option(
    "--access",
    is_flag=True,
    help="All passes in sight of stations, also those that cannot be used.",
)
@click.option(
    "--from-ion", type=_FILE, help="Read this contact plan of ION's instead of a SCENARIO."
)
@click.option("--source", type=click.IntRange(min=1), help="Node of --from-ion that sends.")
@click.option(
    "--bytes", "nbytes", type=PositiveNumber(), metavar="B", help="Size sent [B]; 1e6 if left out."
)
@click.option(
    "--ready",
    "ready_s",
    type=click.FloatRange(min=0.0),
    metavar="S",
    help="When it is ready [s]; 0 if left out.",
)
@optional_scenario_options
def contacts(
    scenario: str | None,
    overrides: tuple[str, ...],
    ion: Path | None,
    decimals: bool,
    table: Path | None,
    access: bool,
    from_ion: Path | None,
    source: int | None,
    nbytes: float | None,
    ready_s: float | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Windows of a SCENARIO by pair of nodes, or earliest arrivals over a plan of ION's."""
    from perigrid.api import Study

    if from_ion is None:
        _refuse("needs --from-ion", source=source, bytes=nbytes, ready=ready_s)
        if scenario is None:
            raise click.UsageError("name a SCENARIO, or a file with --from-ion")
        if decimals and ion is None:
            raise click.UsageError("--decimals needs --ion")
        if access and ion is not None:
            raise click.UsageError("--ion takes what can be used, --access shows all in sight")
        study = Study.open(scenario, overrides=overrides)
        warn(study.scenario.warnings, quiet=quiet)
        if access:
            _in_sight(study, table, as_json, quiet)
        else:
            _of_scenario(study, ion, table, decimals, as_json, quiet)
        return
    clash = "goes with a SCENARIO, not with --from-ion"
    _refuse(clash, ion=ion, csv=table, decimals=decimals or None, access=access or None)
    if scenario is not None or overrides:
        raise click.UsageError("--from-ion takes the place of a SCENARIO and its flags")
    if source is None:
        raise click.UsageError("--from-ion needs --source: the number of the node that sends")
    _of_ion(from_ion, source, nbytes or 1e6, ready_s or 0.0, as_json, quiet)


def _refuse(why: str, **values: object) -> None:
    """Refuse flags of the other way to use the command."""
    for name, value in values.items():
        if value is not None:
            raise click.UsageError(f"--{name} {why}")


def _in_sight(study: Study, table: Path | None, as_json: bool, quiet: bool) -> None:
    from perigrid.ledger.outputs import write_output
    from perigrid.sim.contact_list import PASS_COLUMNS

    with progress(quiet=quiet) as tell:
        listed = study.contacts(tell)
    rows = listed.access()
    if table is not None:
        write_output(table, _csv(rows, PASS_COLUMNS))
        hint(f"passes in {table}", quiet=quiet)
    if as_json:
        heads = {"scenario": listed.scenario, "start": listed.start.iso()}
        told = {**heads, "access": rows, "stations": listed.stations()}
        print_json(told, study.scenario.warnings)
    else:
        click.echo(_access_text(listed, rows))


def _of_scenario(
    study: Study,
    ion: Path | None,
    table: Path | None,
    decimals: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    from perigrid.ledger.outputs import write_output
    from perigrid.sim.contact_list import WINDOW_COLUMNS

    with progress(quiet=quiet) as tell:
        listed = study.contacts(tell)
    if ion is not None:
        write_output(ion, listed.ion(decimals=decimals))
        hint(f"contact plan for ION in {ion}", quiet=quiet)
    if table is not None:
        write_output(table, _csv(listed.windows(), WINDOW_COLUMNS))
        hint(f"windows in {table}", quiet=quiet)
    if as_json:
        print_json(listed.to_dict(), study.scenario.warnings)
    else:
        click.echo(_pairs_text(listed))


def _csv(rows: list[dict[str, Any]], heads: tuple[str, ...]) -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, heads, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _pairs_text(listed: ContactList) -> str:
    heads = ("kind", "from", "to", "windows", "first", "open", "longest", "volume")
    rows = [
        (
            pair["kind"],
            pair["source"],
            pair["target"],
            str(pair["windows"]),
            listed.start.clock(pair["first_start_s"]),
            _minutes(pair["open_s"]),
            _minutes(pair["longest_s"]),
            f"{pair['volume_bytes'] / 1e9:.2f} GB",
        )
        for pair in listed.pairs()
    ]
    total = f"{len(listed.contacts)} windows, {len(rows)} pairs, from {listed.start.iso()}"
    told = [columns([heads, *rows], right=(3, 4, 5, 6, 7))] if rows else []
    return "\n".join([*told, total, *_by_station(listed)])


def _by_station(listed: ContactList) -> list[str]:
    """Say which passes cannot be used, and where satellites will have to wait for an antenna."""
    stations = [
        one for one in listed.stations() if one["open"] < one["passes"] or one["crowded_s"] > 0.0
    ]
    if not stations:
        return []
    rows = [
        (
            *(str(one[key]) for key in ("station", "passes", "open", "too short", "too weak")),
            str(one["antennas"]),
            _minutes(one["crowded_s"]),
        )
        for one in stations
    ]
    heads = ("station", "passes", "open", "too short", "link too weak", "antennas", "crowded")
    told = (
        "crowded: more satellites in sight than antennas, which are booked as downlinks need them"
    )
    return ["", columns([heads, *rows], right=(1, 2, 3, 4, 5, 6)), told]


def _access_text(listed: ContactList, passes: list[dict[str, Any]]) -> str:
    """Sum passes by pair of satellite and station."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in passes:
        groups.setdefault((one["satellite"], one["station"]), []).append(one)
    heads = ("satellite", "station", "passes", "first", "in sight", "longest", "highest", "open")
    rows = [
        (
            *pair,
            str(len(group)),
            listed.start.clock(group[0]["start_s"]),
            _minutes(sum(one["end_s"] - one["start_s"] for one in group)),
            _minutes(max(one["end_s"] - one["start_s"] for one in group)),
            f"{max(one['max_elevation_deg'] for one in group):.0f} deg",
            str(sum(one["fate"] == "open" for one in group)),
        )
        for pair, group in sorted(groups.items())
    ]
    total = f"{len(passes)} passes, {len(rows)} pairs, from {listed.start.iso()}"
    told = [columns([heads, *rows], right=(2, 3, 4, 5, 6, 7))] if rows else []
    return "\n".join([*told, total, *_by_station(listed)])


def _minutes(seconds_s: float) -> str:
    return f"{seconds_s / _SECONDS_PER_MINUTE:.1f} min"


def _of_ion(
    place: Path, source: int, nbytes: float, ready_s: float, as_json: bool, quiet: bool
) -> None:
    from perigrid.control.contact_plan.ion_import import import_ion
    from perigrid.control.contact_plan.ways import earliest_ways
    from perigrid.scenario.ion_reader import read_ion

    plan = read_ion(place)
    imported = import_ion(plan)
    ways = earliest_ways(imported, source, ready_s, nbytes)
    if imported.without_range:
        told = f"{imported.without_range} contacts have no range: their light time is taken as 0"
        hint(told, quiet=quiet)
    if as_json:
        print_json(
            {
                "plan": str(place),
                "epoch": None if plan.epoch is None else plan.epoch.iso(),
                "source": source,
                "bytes": nbytes,
                "ready_s": ready_s,
                "contacts": len(imported.table),
                "without_range": imported.without_range,
                "arrivals": [_way_record(way) for way in ways],
            }
        )
    else:
        click.echo(_ways_text(plan, ways))


def _way_record(way: Way) -> dict[str, Any]:
    hops = [(hop.start_s, hop.end_s, hop.arrival_s) for hop in way.hops]
    return {"node": way.target, "t_arrival_s": way.t_arrival_s, "way": way.stops, "hops": hops}


def _ways_text(plan: IonPlan, ways: tuple[Way, ...]) -> str:
    rows: list[tuple[str, ...]] = [("node", "arrives", "clock", "way")]
    for way in ways:
        if math.isfinite(way.t_arrival_s):
            clock = "" if plan.epoch is None else plan.epoch.plus(way.t_arrival_s).iso()
            stops = " > ".join(str(node) for node in way.stops)
            rows.append((str(way.target), f"+{way.t_arrival_s:.3f} s", clock, stops))
        else:
            rows.append((str(way.target), "never", "", ""))
    if plan.epoch is None:
        rows = [(node, arrives, stops) for node, arrives, _, stops in rows]
    return columns(rows, right=(0, 1))

"""The plan of a mission in words: orbits, light, contacts, power and heat margins, what binds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.units import BYTES_PER_GB, S_PER_HOUR
from perigrid.physics.orbit.disposal import CYCLE_YEARS
from perigrid.report.words import NONE, count, duration, number, power, share, size

_MAX_SATELLITES: Final = 24
_S_PER_MIN: Final = 60.0
_DAYS_PER_YEAR: Final = 365.25
_PLENTY: Final = 10.0
"""Have over need from which the ratio itself reads better than what is above 100 %."""

_LEAST_HOLD_M_S: Final = 0.001
"""Velocity change a year below which holding an altitude takes no burn."""

_RULE: Final = {
    "kept": "kept",
    "broken": "broken: plan a burn",
    "uncertain": "uncertain: the Sun's cycle decides",
    None: "asks nothing above 2,000 km",
}

_FAULTS: Final = {
    "uncorrectable": "memory errors that end a job",
    "silent": "wrong results that nobody notices",
    "interrupt": "resets of the computer",
}

_COLUMNS: Final = ("satellite", "altitude", "sunlit", "array", "sustained", "bound by", "elements")


def plan_text(plan: Mapping[str, Any], width: int = 80) -> str:
    """Write a plan for a terminal.

    Parameters
    ----------
    plan : mapping
        What :func:`perigrid.sim.plan.plan` gives.
    width : int
        Columns of the terminal.

    Returns
    -------
    str
        Lines without trailing blanks.
    """
    tables = [
        _margins(plan["margins"]),
        _fleet(plan),
        *_groups(plan["groups"]),
        *(table for one in plan["groups"] for table in _bus(one, _of(one, plan))),
        *(_surroundings(one, _of(one, plan)) for one in plan["groups"]),
        _contacts(plan["contacts"]),
        *_next_station(plan["next_station"]),
        _satellites(plan["satellites"]),
    ]
    console = Console(file=StringIO(), width=width, color_system=None)
    with console.capture() as capture:
        console.print(_headline(plan), markup=False, highlight=False)
        console.print()
        console.print(f"What binds: {plan['binds']}", markup=False, highlight=False)
        for table in tables:
            console.print()
            console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().rstrip().splitlines())


def _headline(plan: Mapping[str, Any]) -> str:
    title = plan.get("title") or plan["scenario"]
    hours = f"{plan['hours']:g} h"
    if plan["looked_at_hours"] < plan["hours"]:
        hours = f"the first {number(plan['looked_at_hours'])} of {hours}"
    return f"{title}\n{plan['scenario']}, {hours} from {plan['start']}; no job was run"


def _plain_table(title: str) -> Table:
    return Table(title=Text(title), title_justify="left", box=None, pad_edge=False)


def _margins(margins: Sequence[Mapping[str, Any]]) -> Table:
    table = _plain_table("Margins, each on the satellite where it is tightest")
    for name in ("limit", "have", "need", "margin", "where"):
        table.add_column(name, justify="left" if name in {"limit", "where"} else "right")
    for row in margins:
        have, need = (f"{number(row[name])} {row['unit']}" for name in ("have", "need"))
        margin = float(row["margin"])
        shown = f"{margin:+.0%}" if margin < _PLENTY - 1.0 else f"{number(margin + 1.0, 2)} times"
        if row["uncertain"]:
            shown = f"uncertain, {shown}"
        where = f"{row['where']}, {row['date']}" if row["date"] else row["where"]
        table.add_row(row["name"], have, need, shown, Text(where))
    return table


def _fleet(plan: Mapping[str, Any]) -> Table:
    fleet = plan["fleet"]
    table = _plain_table("Fleet, means over the run")
    table.add_column("")
    table.add_column("", justify="right")
    peak_w, sustained_w = fleet["compute_peak_w"], fleet["sustained_compute_w"]
    margin_w = fleet["array_w_mean"] - fleet["bus_load_w"]
    lasting = f"{power(sustained_w)} of {power(peak_w)}" if peak_w else NONE
    rows = (
        ("satellites of the mission", count(fleet["satellites"])),
        ("relay satellites", count(fleet["relays"])),
        ("ground stations and gateways", count(fleet["stations"])),
        ("sunlit", share(fleet["sunlit_share"])),
        ("array power", power(fleet["array_w_mean"])),
        ("bus load", power(fleet["bus_load_w"])),
        ("power left for compute and links", power(margin_w)),
        ("compute that can be sustained", lasting),
        ("beside it", plan["sustained"]["loads"] or NONE),
        ("most heat taken in by a radiator", power(fleet["environment_w_max"])),
    )
    for row in rows:
        table.add_row(*row)
    return table


def _of(group: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
    """Name a group behind a table's title, if there are several."""
    return f": {group['name']}" if len(plan["groups"]) > 1 else ""


def _groups(groups: Sequence[Mapping[str, Any]]) -> list[Table]:
    """Show what differs between groups, if there are several."""
    if len(groups) < 2:
        return []
    table = _plain_table("Groups, means over the run")
    for name in ("group", "satellites", "scenes", "array", "bus load", "sustained", "of"):
        table.add_column(name, justify="left" if name in {"group", "scenes"} else "right")
    for one in groups:
        peak_w = one["compute_peak_w"]
        table.add_row(
            Text(one["name"]),
            count(one["satellites"]),
            "takes" if one["takes_scenes"] else NONE,
            power(one["array_w_mean"]),
            power(one["bus_load_w"]),
            power(one["sustained_compute_w"]) if peak_w else NONE,
            power(peak_w) if peak_w else NONE,
        )
    return [table]


def _bus(group: Mapping[str, Any], of: str) -> list[Table]:
    bus = group["smallest_bus"]
    if bus is None:
        return []
    table = _plain_table(
        f"Smallest bus for busy computers all year, {bus['years']:g} years from now{of}"
    )
    for name in ("part", "have", "need", "its mass", "hardest day"):
        table.add_column(name, justify="left" if name == "part" else "right")
    for name in ("array", "battery", "radiator"):
        part = bus[name]
        have, need = (f"{number(part[key])} {part['unit']}" for key in ("have", "need"))
        day = (part["date"] or "the run") if part["need"] > 0.0 else NONE
        table.add_row(name, have, need, f"{number(part['kg'])} kg", day)
    table.add_row("structure", "", "", f"{number(bus['structure_kg'])} kg", "")
    return [table]


def _surroundings(group: Mapping[str, Any], of: str) -> Table:
    table = _plain_table(f"Shadow, radiation and life in orbit{of}")
    table.add_column("")
    table.add_column("")
    shadow, life = group["shadow"], group["lifetime"]
    longest = duration(shadow["longest_min"] * _S_PER_MIN)
    table.add_row("eclipses in the run", f"{count(shadow['eclipses'])}, the longest {longest}")
    table.add_row("darkest orbit of the year", _darkest(group["year"]["darkest"]))
    for row in _radiation(group["radiation"]):
        table.add_row(*row)
    table.add_row("down by drag alone", _down(life["years"]))
    if life["five_year_rule"] is not None:
        table.add_row("by the phase of the Sun's cycle", _phases(life["years"]))
    table.add_row("five-year rule", _RULE[life["five_year_rule"]])
    hold = life["hold_m_s_per_year"]
    words = f"{number(hold)} m/s a year" if hold >= _LEAST_HOLD_M_S else "no drag worth a burn"
    table.add_row("to hold the altitude", words)
    return table


def _down(years: Mapping[str, float | None]) -> str:
    """Say when the last satellite is down, with the range over the Sun's activity."""
    active, mean, quiet = (_years(years[name]) for name in ("active", "mean", "quiet"))
    return mean if active == mean == quiet else f"{mean} (active Sun {active}, quiet {quiet})"


def _darkest(day: Mapping[str, Any]) -> str:
    """Tell the longest time without the Sun in an orbit, and when that is."""
    if day["dark_min"] <= 0.0:
        return "in full light"
    return f"{duration(day['dark_min'] * _S_PER_MIN)} without the Sun on {day['date']}"


def _phases(years: Mapping[str, float | None]) -> str:
    """Say between which times the last satellite is down, whenever in a cycle it begins to fall."""
    soonest, latest = years["soonest"], years["latest"]
    if soonest is None:
        return f"after more than {CYCLE_YEARS:g} years"
    if latest is None:
        return f"{_years(soonest)} to more than {CYCLE_YEARS:g}"
    return f"{_years(soonest)} to {_years(latest)}"


def _radiation(found: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    if found is None:
        return []
    dose = f"{number(found['dose_gy_per_year'])} Gy a year behind {found['shield_mm_al']:g} mm Al"
    faults = found["faults_per_day"]
    rows = [("dose", dose), ("in the South Atlantic Anomaly", share(found["anomaly_share"]))]
    for name, words in _FAULTS.items():
        between = [_between(faults[name][key]) for key in ("value", "high", "low")]
        told = f"one in {between[0]} ({between[1]} to {between[2]})"
        rows.append((words, told if faults[name]["high"] > 0.0 else "none"))
    minutes = found["checkpoint_min"]
    if minutes is not None:
        rows.append(("best time between checkpoints", duration(minutes * _S_PER_MIN)))
    return rows


def _between(per_day: float) -> str:
    if per_day <= 0.0:
        return "never"
    years = 1.0 / per_day / _DAYS_PER_YEAR
    return _years(years) if years >= 1.0 else duration(SECONDS_PER_DAY / per_day)


def _years(years: float | None) -> str:
    if years is None:
        return "never"
    return f"{number(years, 2)} years"


def _contacts(contacts: Mapping[str, Any]) -> Table:
    told = "with several neighbours at once; antennas shared evenly"
    table = _plain_table(f"Contacts, per satellite and day ({told})")
    for name in ("kind", "windows in all", "time", "volume", "median window"):
        table.add_column(name, justify="left" if name == "kind" else "right")
    for kind, row in contacts.items():
        table.add_row(
            Text(kind),
            count(row["windows"]),
            duration(row["minutes_per_satellite_day"] * _S_PER_MIN),
            size(row["gigabytes_per_satellite_day"] * BYTES_PER_GB),
            duration(row["median_window_s"]),
        )
    return table


def _next_station(found: Mapping[str, Any] | None) -> list[Table]:
    """Show what one more station would add, and where."""
    if found is None:
        return []
    table = _plain_table(f"One more station, of {count(found['places'])} places tried")
    for name in ("", "place", "in view a day", "longest silence"):
        table.add_column(name, justify="left" if name in {"", "place"} else "right")
    for words, name in (
        ("as it is", "today"),
        ("most time in view", "most_contact"),
        ("shortest silence", "shortest_gap"),
        ("best named place", "best_named"),
    ):
        if (one := found[name]) is not None:
            table.add_row(
                words,
                Text("" if name == "today" else _place(one)),
                duration(one["minutes_per_satellite_day"] * _S_PER_MIN),
                duration(one["longest_gap_h"] * S_PER_HOUR),
            )
    return [table]


def _place(site: Mapping[str, Any]) -> str:
    """Name a place, or give its latitude and longitude."""
    latitude, longitude = site["latitude_deg"], site["longitude_deg"]
    north, east = "NS"[latitude < 0.0], "EW"[longitude < 0.0]
    return site["name"] or f"{abs(latitude):.0f} {north}, {abs(longitude):.0f} {east}"


def _satellites(satellites: Sequence[Mapping[str, Any]]) -> Table:
    shown = satellites[:_MAX_SATELLITES]
    more = len(satellites) - len(shown)
    table = _plain_table(
        f"Satellites{f', the first {len(shown)} of {len(satellites)}' * (more > 0)}"
    )
    for name in _COLUMNS:
        table.add_column(name, justify="left" if name in {"satellite", "bound by"} else "right")
    for row in shown:
        age_days = row["element_age_days"]
        table.add_row(
            Text(row["name"]),
            f"{number(row['altitude_km'])} km",
            share(row["sunlit_share"]),
            power(row["array_w_mean"]),
            power(row["sustained_compute_w"]),
            row["bound_by"],
            "designed" if age_days is None else f"{duration(age_days * SECONDS_PER_DAY)} old",
        )
    return table

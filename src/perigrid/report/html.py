"""The report: one file that needs no network, made from a run folder and nothing else."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.jobs import Outcome
from perigrid.base.provenance import CONFIDENCES
from perigrid.base.shown import printable
from perigrid.base.units import S_PER_HOUR
from perigrid.ledger.outputs import write_output
from perigrid.ledger.table_file import understood
from perigrid.report.answer import findings
from perigrid.report.facts import ArchitectureFacts, Comparison
from perigrid.report.figures import bars, insight, timelines, worldmap
from perigrid.report.figures.map_view import view_of
from perigrid.report.figures.marks import architecture_classes
from perigrid.report.figures.traffic import traffic_figure
from perigrid.report.impact import cost_findings, cost_table, denied_by
from perigrid.report.origins import by_section
from perigrid.report.places import COLUMNS, named_places
from perigrid.report.read import ComparisonReader, RunReader
from perigrid.report.svg import Floats
from perigrid.report.table import ComparisonTable, comparison_table
from perigrid.report.terms import IMAGERY
from perigrid.report.words import (
    CAUSES,
    NONE,
    architecture_words,
    count,
    duration,
    energy,
    number,
    power,
    share,
    size,
    temperature,
)

MAX_BYTES: Final = 2_000_000
"""The report must stay below this, so that it can be sent by mail."""

STALE_S: Final = 3 * SECONDS_PER_DAY
"""Orbital elements older than this are warned about."""

_NUMBER_AND_UNIT: Final = re.compile(r"(\d) (%|[a-zA-Z]{1,3}\b)")
_MAX_PROVENANCE_ROWS: Final = 2000
_MAX_PLACES: Final = 200


def html_report(path: Path | str) -> str:
    """Make the report of a comparison, or of a single run.

    Parameters
    ----------
    path : Path or str
        The folder.

    Returns
    -------
    str
        A whole page; the same folder gives the same bytes.

    Raises
    ------
    RunFolderError
        If the folder is missing, broken, or contradicts itself.
    """
    with understood(str(path)):
        reader = ComparisonReader(path)
        for run, facts in zip(reader.runs, reader.figures.architectures, strict=True):
            run.check(facts)
        return _environment().get_template("report.html.j2").render(_context(reader))


def write_report(path: Path | str, target: Path | str) -> Path:
    """Write the report into a file.

    Parameters
    ----------
    path : Path or str
        Folder of a comparison or of a run.
    target : Path or str
        The file to write.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    RunFolderError
        If the folder is missing, broken, or contradicts itself.
    OutputError
        If the file cannot be written there.
    """
    page = html_report(path)
    place = Path(target)
    # A link in a run folder may be somebody else's; one that the user names is the user's.
    write_output(place, page, follow_links=place.parent.resolve() != Path(path).resolve())
    return place


def _shown(value: object) -> object:
    """Write out what would turn lines about, in names and words that come from files."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return printable(value, lines=True)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("perigrid.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    writers = (count, duration, energy, number, power, share, size, temperature)
    made.filters.update({writer.__name__: writer for writer in writers})
    made.filters["unbroken"] = _unbroken
    return made


# A number and its unit stay on one line.
def _unbroken(words: str) -> str:
    return _NUMBER_AND_UNIT.sub("\\1\u00a0\\2", words)


def _context(reader: ComparisonReader) -> dict[str, Any]:
    figures, manifest = reader.figures, reader.manifest
    return {
        "figures": figures,
        "terms": figures.terms,
        "imagery": figures.workload == IMAGERY,
        "manifest": manifest,
        "single": reader.single,
        "answer": findings(figures),
        **_table(reader),
        **_cost(reader),
        "versions": _flat(manifest.versions) or f"perigrid {manifest.version}",
        "classes": architecture_classes(facts.name for facts in figures.architectures),
        "descriptions": {
            facts.name: architecture_words(facts.composed, observes=figures.workload == IMAGERY)
            for facts in figures.architectures
            if facts.composed is not None
        },
        "causes": _causes(figures),
        "dash": NONE,
        "binding_words": [_binding_words(facts) for facts in figures.architectures],
        "reproduction": [_reproduction(run) for run in reader.runs],
        "models": _models(reader),
        "detector": [(key, _said(value)) for key, value in figures.detector.items()],
        **_pictures(reader),
        **_origins(reader),
        **_ages(reader),
        **_savings(reader),
    }


def _causes(figures: Comparison) -> dict[str, str]:
    """Causes with their meanings; faults only where there were any."""
    named = {cause for facts in figures.architectures for cause in facts.binding}
    return {cause: meaning for cause, meaning in CAUSES.items() if cause in named}


def _table(reader: ComparisonReader) -> dict[str, Any]:
    table = comparison_table(reader.figures)
    groups = _groups(table)
    causes = {cause for facts in reader.figures.architectures for cause in facts.missed_by}
    return {"table": table, "groups": groups, "lost_causes": sorted(causes)}


def _groups(table: ComparisonTable) -> list[dict[str, Any]]:
    """Rows by their headings."""
    groups: list[dict[str, Any]] = []
    for row in table.rows:
        if row.group:
            groups.append({"name": row.group, "rows": []})
        groups[-1]["rows"].append(row)
    return groups


def _cost(reader: ComparisonReader) -> dict[str, Any]:
    """Say what the rules cost, if the comparison was flown both ways."""
    record = reader.record
    table = cost_table(record)
    return {
        "cost": table,
        "cost_groups": [] if table is None else _groups(table),
        "cost_findings": cost_findings(record),
        "cost_rules": denied_by(record),
    }


def _pictures(reader: ComparisonReader) -> dict[str, Any]:
    architectures = reader.figures.architectures
    delays = [_delays(run) for run in reader.runs]
    return {
        "insight": insight.insight_figure(delays, reader.figures.terms),
        "wanted": len(delays[0].age_s),
        "outcomes": bars.stacked_bars(
            bars.outcome_bars(architectures),
            f"What became of the {reader.figures.terms.jobs}.",
        ),
        "binding": bars.stacked_bars(
            bars.binding_bars(architectures), "Share of all waiting time by cause."
        ),
        "traffic": traffic_figure(architectures),
        "land": worldmap.land_symbol(),
        "map_marks": worldmap.OUTCOMES[0 if reader.figures.workload == IMAGERY else 1 :],
        **_maps(reader),
        **_timelines(reader),
    }


# Scenes that the detector keeps: the same set in every architecture, even where it never ran.
def _delays(run: RunReader) -> insight.Delays:
    columns = ("t_capture_s", "t_end_s", "outcome")
    jobs = run.table("jobs", *columns, where=pl.col("kept"))
    ended_s = jobs["t_end_s"].fill_nan(run.manifest.hours * S_PER_HOUR)
    age_s = (ended_s - jobs["t_capture_s"]).to_numpy().copy()
    age_s[(jobs["outcome"] == str(Outcome.MISSED)).to_numpy()] = np.inf
    delivered = (jobs["outcome"] == str(Outcome.DELIVERED)).to_numpy()
    return insight.Delays(run.architecture, age_s, delivered)


def _timelines(reader: ComparisonReader) -> dict[str, Any]:
    columns = ("t_s", "satellite", "illumination", "battery_soc", "radiator_k", "compute_w")
    hours = reader.figures.hours
    every = [timelines.read_series(run.table("telemetry", *columns), hours) for run in reader.runs]
    strips, shown = timelines.panels(every), timelines.chosen_satellites(every)
    chosen, start = timelines.hardest_pressed(every, shown), reader.manifest.start
    drawn = [
        (
            run.architecture,
            timelines.timeline_figure(
                series, strips, shown, chosen, start, hours, run.architecture
            ),
        )
        for run, series in zip(reader.runs, every, strict=True)
    ]
    extremes = [
        (run.architecture, timelines.extremes(series, shown))
        for run, series in zip(reader.runs, every, strict=True)
    ]
    fleet = len(every[0].satellites)
    return {
        "timelines": drawn,
        "shown": shown,
        "chosen": chosen,
        "extremes": extremes,
        "fleet": fleet,
        "time_axis": timelines.axis_caption(start, hours),
    }


# One view for all architectures: they saw the same places.
def _maps(reader: ComparisonReader) -> dict[str, Any]:
    known = pl.col("latitude_deg").is_not_nan()  # what satellites ask has no place
    every = [run.table("jobs", *COLUMNS, "reason", where=known) for run in reader.runs]
    asked = named_places(every)
    view = view_of(every[0]["latitude_deg"].to_numpy(), every[0]["longitude_deg"].to_numpy())
    what = reader.figures.terms.jobs
    maps: list[Markup] = [
        worldmap.map_figure(
            run.architecture, jobs, run.manifest.places, _tracks(run), view, asked, what
        )
        for run, jobs in zip(reader.runs, every, strict=True)
    ]
    names = [run.architecture for run in reader.runs]
    return {
        "maps": list(zip(names, maps, strict=True)),
        "map_caption": view.caption,
        "asked": asked[:_MAX_PLACES],
        "asked_total": len(asked),
        "asked_runs": names,
    }


# One orbit of the first satellite: more tracks than one cannot be told apart.
def _tracks(run: RunReader) -> list[tuple[Floats, Floats]]:
    columns = ("satellite", "t_s", "latitude_deg", "longitude_deg")
    early = run.table("telemetry", *columns, where=pl.col("t_s") <= worldmap.TRACK_S)
    if early.is_empty():
        return []
    one = early.filter(pl.col("satellite") == early["satellite"][0]).sort("t_s")
    return [(one["latitude_deg"].to_numpy(), one["longitude_deg"].to_numpy())]


def _binding_words(facts: ArchitectureFacts) -> str:
    ranked = sorted(facts.binding.items(), key=lambda item: -item[1])
    said = [f"{cause} ({share(part)})" for cause, part in ranked if part >= 0.01][:3]
    return ", then ".join(said) if said else "nothing waited"


def _savings(reader: ComparisonReader) -> dict[str, Any]:
    raw_bytes = float(reader.runs[0].table("jobs", "raw_bytes")["raw_bytes"].sum())
    rows = []
    for facts in reader.figures.architectures:
        saved = [facts.saved_bytes.get(kind, math.nan) for kind in ("decisions", "pixels")]
        cells = [(size(one), share(one / raw_bytes if raw_bytes else math.nan)) for one in saved]
        rows.append((facts.name, cells))
    return {"savings": rows, "raw_total": raw_bytes}


def _origins(reader: ComparisonReader) -> dict[str, Any]:
    provenance = reader.manifest.provenance
    tally = Counter(row.confidence for row in provenance)
    return {
        "provenance": by_section(provenance, _MAX_PROVENANCE_ROWS),
        "provenance_total": len(provenance),
        "provenance_shown": min(len(provenance), _MAX_PROVENANCE_ROWS),
        "confidences": [(confidence, tally[confidence]) for confidence in reversed(CONFIDENCES)],
    }


def _ages(reader: ComparisonReader) -> dict[str, Any]:
    ages = sorted(reader.manifest.element_age_s.items(), key=lambda item: (-item[1], item[0]))
    values = np.array([age_s for _, age_s in ages])
    middle = float(np.median(values)) if len(values) else math.nan
    stale = sum(age_s > STALE_S for _, age_s in ages)
    warnings = sorted({line for run in reader.runs for line in run.manifest.warnings})
    return {"ages": ages, "age_median": middle, "stale": stale, "warnings": warnings}


def _reproduction(run: RunReader) -> dict[str, str]:
    head = run.ledger_head()
    return {"name": run.architecture, "records": count(head.records), "head": head.hash}


# What the detector was worth is shown in a table of its own.
def _models(reader: ComparisonReader) -> dict[str, str]:
    rows: dict[str, str] = {}
    for name, value in reader.manifest.models.items():
        if isinstance(value, Mapping):
            told = name == "detector" and reader.figures.detector
            rows |= {} if told else {str(key): _said(inner) for key, inner in value.items()}
        else:
            rows[name] = _said(value)
    return rows


def _flat(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_said(inner)}" for key, inner in value.items())
    return _said(value)


def _said(value: object) -> str:
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return count(value)
    if isinstance(value, float):
        return number(value)
    return ", ".join(_said(item) for item in value) if isinstance(value, list) else str(value)

"""A day in the life of the fleet: light, charge, heat and compute over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from markupsafe import Markup

from perigrid.base.time import Epoch
from perigrid.base.units import S_PER_HOUR, ZERO_CELSIUS_K
from perigrid.report.axes import Scale, axis_bottom, axis_left, nice_ticks
from perigrid.report.svg import Floats, band, group, line, picture, polyline, text
from perigrid.report.words import power, share

MAX_SATELLITES: Final = 12
"""Single lines are drawn for this many satellites, those with the deepest discharge."""

_HOURS_PER_DAY: Final = 24.0
_BINS: Final = 240
_WIDTH_PX: Final = 430.0
_PANEL_PX: Final = 92.0
_LEFT_PX: Final = 52.0
_COLUMNS: Final = ("illumination", "battery_soc", "radiator_k", "compute_w")


@dataclass(frozen=True, slots=True)
class Series:
    """Telemetry of a fleet on a coarse grid of time.

    Parameters
    ----------
    satellites : tuple of str
        Names, in order of first appearance.
    t_h : (n_bins,) float array
        Middle of each bin after the start [h].
    values : dict of str to (n_satellites, n_bins) float array
        Light and compute as the mean of a bin, charge as its lowest, temperature as its highest.
    """

    satellites: tuple[str, ...]
    t_h: Floats
    values: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Panel:
    """One strip of the picture.

    Parameters
    ----------
    column : str
        Telemetry column.
    heading : str
        What it shows.
    low, high : float
        Ends of its scale, the same for all architectures.
    word : callable
        Writes a value of its scale.
    """

    column: str
    heading: str
    low: float
    high: float
    word: Callable[[float], str]


def read_series(telemetry: pl.DataFrame, hours: float) -> Series:
    """Bring telemetry onto a coarse grid.

    Parameters
    ----------
    telemetry : polars.DataFrame
        With time, satellite and the four columns drawn.
    hours : float
        Length of the run [h].

    Returns
    -------
    Series
        NaN where a bin has no record.
    """
    names = tuple(telemetry["satellite"].unique(maintain_order=True).to_list())
    steps = telemetry["t_s"].n_unique()
    bins = max(min(_BINS, steps), 1)
    width_s = max(hours * S_PER_HOUR, 1.0) / bins
    where = (pl.col("t_s") / width_s).floor().cast(pl.Int64).clip(0, bins - 1)
    binned = (
        telemetry.with_columns(where.alias("bin"))
        .group_by("satellite", "bin")
        .agg(
            pl.col("illumination").mean(),
            pl.col("battery_soc").min(),
            pl.col("radiator_k").max(),
            pl.col("compute_w").mean(),
        )
    )
    rank = {name: row for row, name in enumerate(names)}
    rows = np.array([rank[name] for name in binned["satellite"]], dtype=np.int64)
    columns = binned["bin"].to_numpy()
    values = {}
    for column in _COLUMNS:
        grid = np.full((len(names), bins), np.nan)
        grid[rows, columns] = binned[column].to_numpy()
        values[column] = grid
    values["radiator_c"] = values.pop("radiator_k") - ZERO_CELSIUS_K
    middle_h: Floats = (np.arange(bins, dtype=np.float64) + 0.5) * width_s / S_PER_HOUR
    return Series(names, middle_h, values)


def panels(every: Sequence[Series]) -> tuple[Panel, ...]:
    """Choose scales that hold for all architectures.

    Parameters
    ----------
    every : sequence of Series
        One an architecture.

    Returns
    -------
    tuple of Panel
        Light, charge, heat, compute.
    """
    heat = _range([series.values["radiator_c"] for series in every], margin=0.08)
    compute = _range([series.values["compute_w"] for series in every], margin=0.08)
    return (
        Panel("illumination", "sunlight (share of the disc)", 0.0, 1.0, share),
        Panel("battery_soc", "battery (state of charge)", 0.0, 1.0, share),
        Panel("radiator_c", "radiator", *heat, lambda value: f"{value:.0f} °C"),
        Panel("compute_w", "compute", 0.0, max(compute[1], 1.0), lambda value: power(value, 3)),
    )


def _range(grids: Sequence[Floats], margin: float) -> tuple[float, float]:
    finite = np.concatenate([grid[np.isfinite(grid)] for grid in grids])
    if not len(finite):
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    pad = max((high - low) * margin, 0.5)
    return low - pad, high + pad


def chosen_satellites(every: Sequence[Series]) -> tuple[str, ...]:
    """Choose the satellites whose own lines are drawn.

    Parameters
    ----------
    every : sequence of Series
        One an architecture.

    Returns
    -------
    tuple of str
        All of a small fleet; of a large one those with the deepest discharge anywhere.
    """
    names = every[0].satellites if every else ()
    if len(names) <= MAX_SATELLITES:
        return names
    worst = sorted(np.argsort(_lowest(every), kind="stable")[:MAX_SATELLITES].tolist())
    return tuple(names[row] for row in worst)


def hardest_pressed(every: Sequence[Series], shown: Sequence[str]) -> int:
    """Choose the satellite whose line is drawn from the start.

    Parameters
    ----------
    every : sequence of Series
        One an architecture.
    shown : sequence of str
        From :func:`chosen_satellites`.

    Returns
    -------
    int
        Place in ``shown`` of the one with the deepest discharge; -1 if none is shown.
    """
    if not shown:
        return -1
    lowest = dict(zip(every[0].satellites, _lowest(every), strict=True))
    return min(range(len(shown)), key=lambda place: lowest[shown[place]])


def _lowest(every: Sequence[Series]) -> list[float]:
    charge = [np.nanmin(one.values["battery_soc"], axis=1) for one in every]
    return [float(lowest) for lowest in np.min(charge, axis=0)]


def extremes(series: Series, shown: Sequence[str]) -> list[tuple[str, ...]]:
    """Put the extremes of single satellites into words.

    Parameters
    ----------
    series : Series
        Telemetry of one architecture.
    shown : sequence of str
        Which satellites.

    Returns
    -------
    list of tuple of str
        Name, mean light, lowest charge, hottest radiator, mean compute.
    """
    rows: list[tuple[str, ...]] = []
    for name in shown:
        if name not in series.satellites:
            continue
        one = {key: grid[series.satellites.index(name)] for key, grid in series.values.items()}
        light, charge = np.nanmean(one["illumination"]), np.nanmin(one["battery_soc"])
        heat, work = np.nanmax(one["radiator_c"]), np.nanmean(one["compute_w"])
        rows.append(
            (name, share(float(light)), share(float(charge)), f"{heat:.1f} °C", power(float(work)))
        )
    return rows


def timeline_figure(
    series: Series,
    strips: Sequence[Panel],
    shown: Sequence[str],
    chosen: int,
    start: Epoch,
    hours: float,
    name: str,
) -> Markup:
    """Draw the four strips of one architecture.

    Parameters
    ----------
    series : Series
        Its telemetry.
    strips : sequence of Panel
        From :func:`panels`.
    shown : sequence of str
        Satellites that get a line of their own.
    chosen : int
        Place in ``shown`` of the one seen from the start; the others are hidden until chosen.
    start : Epoch
        Instant of run time 0.
    hours : float
        Length of the run [h].
    name : str
        Architecture.

    Returns
    -------
    Markup
        The band spans all satellites, the line is their median.
    """
    x = Scale(0.0, max(hours, 1e-6), _LEFT_PX, _WIDTH_PX - 14.0)
    step_px = _PANEL_PX + 30.0
    ticks = _hours_marked(hours)
    parts = [
        _strip(series, panel, shown, chosen, x, ticks, row * step_px)
        for row, panel in enumerate(strips)
    ]
    bottom_px = len(strips) * step_px - 6.0
    day_by_day = _marks_days(hours)

    def written(hour: float) -> str:
        at = start.plus(hour * S_PER_HOUR).iso()
        return at[5:10] if day_by_day else at[11:16]

    parts.append(axis_bottom(x, bottom_px, bottom_px, ticks, written))
    spoken = f"{name}: {_spoken(series, strips)}"
    return picture(_WIDTH_PX, bottom_px + 24.0, spoken, parts, "figure timeline")


def axis_caption(start: Epoch, hours: float) -> str:
    """Say what stands along the axis of time.

    Parameters
    ----------
    start : Epoch
        Instant of run time 0.
    hours : float
        Length of the run [h].

    Returns
    -------
    str
        One sentence.
    """
    if _marks_days(hours):
        return f"Date in UTC, each mark at the time of day of the start, {start.iso()}."
    return f"Time of day in UTC, from {start.iso()}."


def _marks_days(hours: float) -> bool:
    return _marked_every(hours) >= _HOURS_PER_DAY


def _marked_every(hours: float) -> float:
    return next((k for k in (0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96) if hours / k <= 8), 168)


def _hours_marked(hours: float) -> list[float]:
    step = _marked_every(hours)
    return [index * step for index in range(int(hours / step + 1e-9) + 1)]


def _strip(
    series: Series,
    panel: Panel,
    shown: Sequence[str],
    chosen: int,
    x: Scale,
    ticks: Sequence[float],
    top_px: float,
) -> Markup:
    y = Scale(panel.low, panel.high, top_px + 22.0 + _PANEL_PX, top_px + 22.0)
    grid = series.values[panel.column]
    keep = np.isfinite(grid).any(axis=0)
    xs, grid = x.many(series.t_h[keep]), grid[:, keep]
    parts = [
        text(_LEFT_PX, top_px + 15, panel.heading, class_="row"),
        axis_left(y, _LEFT_PX, x.end_px, nice_ticks(panel.low, panel.high, 3), panel.word),
        *(line(x(hour), y.end_px, x(hour), y.start_px, "grid") for hour in ticks),
    ]
    if grid.size:
        low, high = y.many(np.nanmin(grid, axis=0)), y.many(np.nanmax(grid, axis=0))
        parts.append(band(xs, low, high, "band"))
        parts.append(polyline(xs, y.many(np.nanmedian(grid, axis=0)), "line"))
        parts += [
            polyline(
                xs,
                y.many(grid[series.satellites.index(one)]),
                f"sat sat-{index}{' on' if index == chosen else ''}",
            )
            for index, one in enumerate(shown)
            if one in series.satellites
        ]
    return group(*parts)


def _spoken(series: Series, strips: Sequence[Panel]) -> str:
    parts = []
    for panel in strips:
        grid = series.values[panel.column]
        if np.isfinite(grid).any():
            low, high = panel.word(float(np.nanmin(grid))), panel.word(float(np.nanmax(grid)))
            parts.append(f"{panel.heading} between {low} and {high}")
    return ", ".join(parts) + "."

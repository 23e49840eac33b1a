"""Places and areas of interest: what became of the observations of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from perigrid.base.jobs import Outcome

COLUMNS: Final = ("place", "latitude_deg", "longitude_deg", "outcome")
"""Of the table of jobs, for :func:`named_places`."""
_ANGLE: Final = pl.col("longitude_deg").radians()
# As a direction: the middle of 179 and -179 degrees is 180.
_MIDDLE: Final = (
    pl.arctan2(_ANGLE.sin().mean(), _ANGLE.cos().mean()).degrees().alias("longitude_deg")
)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place, or an area whose scenes are numbered.

    Parameters
    ----------
    name : str
        As in the list of requests.
    scenes : int
        Different scenes of it that were observed.
    observations : int
        Of all of them.
    north_deg, longitude_deg : float
        Latitude of the northernmost scene, and the middle of all from west to east [deg].
    delivered : tuple of int
        Insights of each run.
    """

    name: str
    scenes: int
    observations: int
    north_deg: float
    longitude_deg: float
    delivered: tuple[int, ...]


def named_places(runs: Sequence[pl.DataFrame]) -> list[NamedPlace]:
    """Sum up observations by place; of scenes ``Saimaa 1``, ``Saimaa 2``, .. as ``Saimaa``.

    Parameters
    ----------
    runs : sequence of polars.DataFrame
        Jobs of each run with :data:`COLUMNS`; all runs made the same observations.

    Returns
    -------
    list of NamedPlace
        The most observed first; empty if what was observed has no names.
    """
    named = [run.filter(pl.col("place") != "") for run in runs]
    where = (_MIDDLE, pl.col("latitude_deg").max())
    scenes = named[0].group_by("place").agg(*where)
    stem = pl.col("place").str.replace(r" \d+$", "")
    several = pl.len().over(stem) > 1
    scenes = scenes.with_columns(pl.when(several).then(stem).otherwise("place").alias("name"))
    areas = (
        scenes.group_by("name")
        .agg(pl.len().alias("scenes"), *where)
        .join(_counted(named[0], scenes, "observations"), "name")
    )
    columns = [f"delivered {row}" for row in range(len(named))]
    for column, run in zip(columns, named, strict=True):
        done = run.filter(pl.col("outcome") == str(Outcome.DELIVERED))
        areas = areas.join(_counted(done, scenes, column), "name", how="left")
    areas = areas.fill_null(0).sort("observations", "name", descending=[True, False])
    return [
        NamedPlace(
            *(row["name"], row["scenes"], row["observations"]),
            *(row["latitude_deg"], row["longitude_deg"]),
            tuple(row[column] for column in columns),
        )
        for row in areas.iter_rows(named=True)
    ]


def _counted(jobs: pl.DataFrame, scenes: pl.DataFrame, column: str) -> pl.DataFrame:
    by_place = jobs.join(scenes.select("place", "name"), "place")
    return by_place.group_by("name").agg(pl.len().alias(column))

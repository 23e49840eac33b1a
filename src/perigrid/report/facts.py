"""The figures of a comparison as plain records, from ``comparison.json`` or ``summary.json``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from perigrid.base.architecture import BUILT_IN, Architecture, in_order
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.jobs import SCREENED, Cause

LINK_CLASSES: Final = ("downlink", "relay", "crosslink", "terrestrial")
"""Where bytes travel; the first two are the ways from orbit to the ground."""

Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ArchitectureFacts:
    """What one architecture did with the observations.

    Parameters
    ----------
    name : str
        Architecture.
    delivered, screened, missed, in_flight : int
        Observations by how they ended; ``screened`` ended by what a stage found, as cloudy,
        ``missed`` were lost for any other reason.
    missed_by : dict of str to int
        Lost observations by cause, without the screened ones.
    possible : float
        Upper bound on what any scheduler could have delivered; NaN if none was worked out.
    possible_kind : str
        Which bound that is; empty if none was worked out.
    quick_share, quick_s, rest_s : float
        Where insights came in two groups: share of the wanted scenes in the quick one, its longest
        time, and the median of the other [s]; NaN where there is one group.
    median_s : float
        Median time from shutter to insight with scenes still in flight counted; infinite if more
        than half were still waiting at the longest time seen [s].
    p50_s, p95_s, mean_s : float
        Time from shutter to insight over delivered insights; NaN if there are none [s].
    link_bytes : dict of str to float
        Bytes sent over each link class [B].
    saved_bytes : dict of str to float
        Raw bytes that had no need to move, for customers of ``decisions`` and of ``pixels`` [B].
    energy_j : dict of str to float
        Energy per delivered insight: ``total``, ``space``, ``ground`` [J].
    held_laser_j : float
        Part of ``space`` that holds laser links, per delivered insight [J].
    compute_w_mean, link_w_mean : float
        Computers and laser and radio terminals, means over the fleet and run [W].
    sustained_compute_w : float
        What can be kept up [W].
    battery_soc_min : float
        Deepest discharge, as the lowest state of charge, 0 to 1.
    outside_temperature_s : float
        Satellite-seconds with a computer above its limit or below survival [s].
    unserved_j : float
        Energy that buses and computers wanted and arrays and batteries did not give [J].
    radiator_k_max : float
        Hottest radiator [K].
    binding : dict of str to float
        Share of all waiting by cause, in the causes' fixed order; faults only where there were any.
    faults : dict of str to float
        What faults did and recovery made of it; empty for a run without.
    composed : Architecture or None
        Which places and links it is made of; None if that is not recorded.
    """

    name: str
    delivered: int
    screened: int
    missed: int
    in_flight: int
    missed_by: dict[str, int]
    possible: float
    possible_kind: str
    quick_share: float
    quick_s: float
    rest_s: float
    median_s: float
    p50_s: float
    p95_s: float
    mean_s: float
    link_bytes: dict[str, float]
    saved_bytes: dict[str, float]
    energy_j: dict[str, float]
    held_laser_j: float
    compute_w_mean: float
    link_w_mean: float
    sustained_compute_w: float
    battery_soc_min: float
    outside_temperature_s: float
    unserved_j: float
    radiator_k_max: float
    binding: dict[str, float]
    faults: dict[str, float] = field(default_factory=dict)
    composed: Architecture | None = None

    @property
    def in_orbit(self) -> bool:
        """Whether anything is computed in orbit; False if that is not known."""
        return self.composed is not None and self.composed.computes_in_orbit

    @property
    def ground_bytes(self) -> float:
        """Bytes that came down from orbit, by own stations or through the relay [B]."""
        return self.link_bytes["downlink"] + self.link_bytes["relay"]

    @property
    def accounted(self) -> int:
        """Observations in the four outcomes together."""
        return self.delivered + self.screened + self.missed + self.in_flight

    @property
    def possible_share(self) -> float:
        """Insights delivered over what was possible; NaN if nothing was, or it is not known."""
        return self.delivered / self.possible if self.possible > 0.0 else math.nan

    @property
    def in_two_groups(self) -> bool:
        """Whether some insights came at once and others much later, with few in between."""
        return math.isfinite(self.quick_s)

    @property
    def ran_short(self) -> bool:
        """Whether satellites lacked energy, by more than rounding."""
        return self.unserved_j >= 1.0

    def bound_by(self) -> tuple[str, float]:
        """Name the cause with the largest share of waiting.

        Returns
        -------
        tuple of str and float
            Cause and share; an empty cause if nothing waited.
        """
        cause = max(self.binding, key=lambda name: self.binding[name], default="")
        if not cause or self.binding[cause] <= 0.0:
            return "", math.nan
        return cause, self.binding[cause]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same observations through several architectures.

    Parameters
    ----------
    scenario : str
        Name of the scenario.
    hours : float
        Length of the run [h].
    seed : int
        Seed of the run.
    observations : int
        How many were taken.
    architectures : tuple of ArchitectureFacts
        Known ones first and in their usual order.
    detector : dict
        Quality of the cloud detector on the executed scenes, as recorded.
    """

    scenario: str
    hours: float
    seed: int
    observations: int
    architectures: tuple[ArchitectureFacts, ...]
    detector: dict[str, Any]

    @classmethod
    def of(cls, source: Comparison | Record) -> Comparison:
        """Read the record in ``comparison.json``.

        Parameters
        ----------
        source : Comparison or mapping
            A comparison is returned as it is.

        Returns
        -------
        Comparison
            With every figure as a number; NaN where none was recorded.

        Raises
        ------
        RunFolderError
            If the record names no architectures or holds text where a number belongs.
        """
        if isinstance(source, Comparison):
            return source
        records = source.get("architectures")
        if not isinstance(records, Mapping) or not records:
            raise RunFolderError([Problem("'architectures' names no architecture")])
        facts = tuple(architecture_facts(name, records[name]) for name in in_order(records))
        return cls(
            scenario=str(source.get("scenario", "")),
            hours=_number(source, "hours"),
            seed=_whole(source, "seed"),
            observations=_whole(source, "observations"),
            architectures=facts,
            detector=detector_figures(source),
        )

    def named(self, name: str) -> ArchitectureFacts | None:
        """Find an architecture.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        ArchitectureFacts or None
            None if it took no part.
        """
        return next((facts for facts in self.architectures if facts.name == name), None)


def detector_figures(record: Record) -> dict[str, Any]:
    """Read what the detector was worth.

    Parameters
    ----------
    record : mapping
        A comparison or a summary.

    Returns
    -------
    dict
        As recorded; empty if nothing was.

    Raises
    ------
    RunFolderError
        If it is no table.
    """
    figures = record.get("detector") or {}
    if not isinstance(figures, Mapping):
        raise RunFolderError([Problem("'detector' is not a table of figures")])
    return dict(figures)


def architecture_facts(name: str, record: Record) -> ArchitectureFacts:
    """Read the figures of one architecture.

    Parameters
    ----------
    name : str
        Architecture.
    record : mapping
        Its entry in ``comparison.json``, or ``summary.json`` of its run.

    Returns
    -------
    ArchitectureFacts
        NaN where a figure is not recorded.

    Raises
    ------
    RunFolderError
        If the entry is no table of figures.
    """
    if not isinstance(record, Mapping):
        raise RunFolderError([Problem(f"architectures.{name} is not a table of figures")])
    causes = _numbers(record, "missed_by")
    times = _numbers(record, "time_to_insight_s")
    binding = _numbers(record, "binding")
    links = _numbers(record, "bytes")
    bound, groups = _table(record, "bound"), _numbers(record, "time_groups")
    lost = {
        cause: round(causes[cause])
        for cause in causes
        if cause not in SCREENED and causes[cause] > 0
    }
    return ArchitectureFacts(
        name=name,
        delivered=_whole(record, "insights_delivered"),
        screened=round(sum(causes.get(one, 0.0) for one in SCREENED)),
        missed=sum(lost.values()),
        in_flight=_whole(record, "in_flight"),
        missed_by=lost,
        possible=_number(bound, "value"),
        possible_kind=str(bound.get("kind", "")) if bound.get("wanted") != 0 else "",
        **{name: groups.get(name, math.nan) for name in ("quick_share", "quick_s", "rest_s")},
        median_s=_median_s(record, times),
        p50_s=times.get("p50", math.nan),
        p95_s=times.get("p95", math.nan),
        mean_s=times.get("mean", math.nan),
        link_bytes={kind: links.get(kind, 0.0) for kind in LINK_CLASSES},
        saved_bytes=_numbers(record, "bytes_saved"),
        energy_j=_numbers(record, "energy_j_per_insight"),
        held_laser_j=_number(record, "held_laser_j_per_insight"),
        compute_w_mean=_number(record, "compute_w_mean"),
        link_w_mean=_number(record, "link_w_mean"),
        sustained_compute_w=_number(record, "sustained_compute_w"),
        battery_soc_min=_number(record, "battery_soc_min"),
        outside_temperature_s=_number(record, "outside_temperature_s"),
        unserved_j=_number(record, "unserved_j"),
        radiator_k_max=_number(record, "radiator_k_max"),
        binding={
            str(cause): binding.get(str(cause), 0.0)
            for cause in Cause
            if cause is not Cause.FAULT or str(cause) in binding
        },
        faults=_faults(record),
        composed=_composed(name, record),
    )


# A built-in architecture is what it is called; another one what its run says.
def _composed(name: str, record: Record) -> Architecture | None:
    table = record.get("composition")
    if name in BUILT_IN or table is None:
        return BUILT_IN.get(name)
    try:
        return Architecture.of(name, table["compute"], table["carry"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RunFolderError([Problem("'composition' is none of places and links")]) from error


# One figure; NaN if it is absent or null.
def _number(record: Record, key: str) -> float:
    value = record.get(key)
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RunFolderError([Problem(f"{key!r} is {value!r}, which is no number")])
    return float(value)


# A table of figures; empty if it is absent.
def _whole(record: Record, key: str) -> int:
    value = _number(record, key)
    return round(value) if math.isfinite(value) else 0


# What faults did, without the table of kinds.
def _faults(record: Record) -> dict[str, float]:
    table = record.get("faults") or {}
    if not isinstance(table, Mapping):
        raise RunFolderError([Problem("'faults' is not a table of figures")])
    return {str(name): _number(table, name) for name in table if name != "by_kind"}


# A null median: more than half were still waiting. None at all: that of the delivered.
def _median_s(record: Record, times: dict[str, float]) -> float:
    if "p50_all" not in times:
        return times.get("p50", math.nan)
    if not _whole(record, "insights_delivered"):
        return math.nan
    return times["p50_all"] if math.isfinite(times["p50_all"]) else math.inf


def _table(record: Record, key: str) -> Record:
    table = record.get(key) or {}
    if not isinstance(table, Mapping):
        raise RunFolderError([Problem(f"{key!r} is not a table of figures")])
    return table


def _numbers(record: Record, key: str) -> dict[str, float]:
    table = _table(record, key)
    return {str(name): _number(table, name) for name in table}

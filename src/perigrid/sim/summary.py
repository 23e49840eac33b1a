"""The figures of one architecture, from the tables of its run."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from perigrid.base.architecture import BUILT_IN, Architecture
from perigrid.base.jobs import Cause, Outcome
from perigrid.fleet.state import ENERGY_FLOWS
from perigrid.sim.sustained import sustained_mean_w
from perigrid.sim.trace import Trace
from perigrid.sim.world import World

Floats = npt.NDArray[np.float64]

HALF = 0.5
ROUNDING = 1e-9
APART = 10.0
"""Times that differ by less belong to one group."""

BETWEEN_SHARE = 0.01
"""Most insights that may lie between two groups."""

GROUP_SHARE = 0.05
"""Fewest insights that make a group."""

FEWEST = 20
"""Insights below which nothing is said of groups."""

_AGES = ("kept", "outcome", "t_capture_s", "t_end_s")
LINK_CLASSES = ("downlink", "crosslink", "relay", "terrestrial")


def summarise(world: World, jobs: pl.DataFrame, trace: Trace) -> dict[str, Any]:
    """Sum up one architecture.

    Parameters
    ----------
    world : World
        The scenario's pipeline.
    jobs : polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.JOBS`, or of
        :data:`perigrid.ledger.tables.COMPUTE_JOBS`.
    trace : Trace
        Telemetry and balance.

    Returns
    -------
    dict
        One entry of ``architectures`` in the comparison.
    """
    batch = world.scenario.jobs is not None
    done, missed = (jobs["outcome"] == one.value for one in (Outcome.DELIVERED, Outcome.MISSED))
    insights, n_missed = int(done.sum()), int(missed.sum())
    # Column by column: a million rows are not copied whole.
    times_s = jobs["time_to_insight_s"].filter(done).to_numpy()
    telemetry = trace.telemetry
    return _composition(trace.architecture) | {
        "insights_delivered": insights,
        "insights_missed": n_missed,
        "in_flight": jobs.height - insights - n_missed,
        "missed_by": _missed_by(jobs["reason"].filter(missed)),
        "time_to_insight_s": {
            "p50": percentile(times_s, 50),
            "p95": percentile(times_s, 95),
            **({"p99": percentile(times_s, 99)} if batch else {}),
            "mean": float(times_s.mean()) if len(times_s) else None,
            "p50_all": median_with_in_flight_s(jobs, world.scenario.duration_s),
        },
        "time_groups": time_groups(times_s, int(jobs["kept"].sum())),
        "bytes": {kind: float(jobs[f"{kind}_bytes"].sum()) for kind in LINK_CLASSES},
        **({} if batch else {"bytes_saved": _bytes_saved(world, jobs)}),
        "energy_j_per_insight": _energy_per_insight(jobs, insights, trace.held_laser_j),
        "held_laser_j_per_insight": per(trace.held_laser_j, insights),
        "compute_w_mean": telemetry.mean("compute_w"),
        "link_w_mean": telemetry.mean("link_w"),
        # of a network of routes no outlook is kept that could tell
        "sustained_compute_w": None if batch else _sustained_w(world, trace),
        "battery_soc_min": telemetry.least("battery_soc"),
        "radiator_k_max": telemetry.most("radiator_k"),
        "computer_k_max": telemetry.most("computer_k"),
        "throttle_min": telemetry.least("throttle"),
        "outside_temperature_s": telemetry.outside_temperature_s,
        "unserved_j": float(trace.state.flows_j["unserved_j"].sum()),
        "binding": binding(jobs),
        "approvals": trace.approvals,
        "energy_balance_error": trace.balance_error,
        "records": trace.records,
        "ledger_head": trace.head,
        **({} if trace.faults is None else {"faults": trace.faults}),
        **({} if (ages := trace.telemetry_age_s) is None else {"telemetry_age_s": ages}),
        **(_served(world, jobs, trace) if batch else {}),
    }


def _sustained_w(world: World, trace: Trace) -> float:
    return sustained_mean_w(world.fleet, world.outlook, trace.architecture)


def reached(world: World, jobs: pl.DataFrame) -> float:
    """Say what a run delivered, as its bound counts it.

    Parameters
    ----------
    world : World
        Of which kind its work is.
    jobs : polars.DataFrame
        The table of jobs.

    Returns
    -------
    float
        Insights; of compute jobs the value of their right answers.
    """
    done = jobs["outcome"] == Outcome.DELIVERED.value
    if world.scenario.jobs is None:
        return int(done.sum())
    return float(jobs["value"].filter(done & ~jobs["wrong"]).to_numpy().sum())


def _served(world: World, jobs: pl.DataFrame, trace: Trace) -> dict[str, Any]:
    """Figures of compute jobs alone: answers that were wrong, and how busy the fleet was."""
    buses, n = world.fleet.buses, world.fleet.n_satellites
    lived_s = world.scenario.duration_s
    above_w = trace.telemetry.mean("compute_w") * n - float(buses.idle_w.sum())
    most_w = float((buses.active_w - buses.idle_w).sum())
    return {
        "wrong": int(jobs["wrong"].sum()),
        "attempts": int(jobs["attempts"].sum()),
        "satellites": n,
        "utilisation": above_w / most_w if most_w > 0.0 else None,
        "compute_energy_j": above_w * lived_s,
        "energy_j": {name: float(trace.state.flows_j[name].sum()) for name in ENERGY_FLOWS},
    }


def median_with_in_flight_s(jobs: pl.DataFrame, end_s: float) -> float | None:
    """Estimate the median time to insight when waits that had not ended are counted too.

    Parameters
    ----------
    jobs : polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.JOBS`.
    end_s : float
        End of the run [s].

    Returns
    -------
    float or None
        None if more than half would still wait at the longest time seen [s].

    Notes
    -----
    The Kaplan-Meier estimate over the scenes that the detector keeps: deliveries are events, scenes
    in flight are censored at their age, missed ones never arrive. The median of the delivered
    alone favours whoever delivers late, because the end of the run cuts off the long waits.

    References
    ----------
    .. [1] E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", Journal
       of the American Statistical Association 53, 457 (1958), doi:10.1080/01621459.1958.10501452.
    """
    wanted = jobs.select(_AGES).filter(pl.col("kept"))
    ended_s = wanted["t_end_s"].fill_nan(end_s).to_numpy()
    missed = (wanted["outcome"] == Outcome.MISSED.value).to_numpy()
    ages_s = np.where(missed, np.inf, ended_s - wanted["t_capture_s"].to_numpy())
    return median_age_s(ages_s, (wanted["outcome"] == Outcome.DELIVERED.value).to_numpy())


def median_age_s(ages_s: Floats, delivered: npt.NDArray[np.bool_]) -> float | None:
    """Estimate the median age at delivery; see :func:`median_with_in_flight_s`.

    Parameters
    ----------
    ages_s : (n,) float array
        At delivery or at the end of the run; infinite for what will never come [s].
    delivered : (n,) bool array
        Whether it was.

    Returns
    -------
    float or None
        None if more than half would still wait at the longest time seen [s].
    """
    # deliveries before censored cases of the same age, as the estimator wants
    order = np.lexsort((~delivered, ages_s))
    at_risk = len(order) - np.arange(len(order))
    waiting = np.cumprod(np.where(delivered[order], 1.0 - 1.0 / at_risk, 1.0))
    reached = np.flatnonzero(delivered[order] & (waiting <= HALF + ROUNDING))
    return float(ages_s[order[reached[0]]]) if len(reached) else None


def time_groups(times_s: Floats, wanted: int) -> dict[str, float] | None:
    """Tell a quick and a slow group of insights apart, where no one figure speaks for both.

    Parameters
    ----------
    times_s : (n,) float array
        Time to insight of what was delivered [s].
    wanted : int
        Scenes that the detector keeps, delivered or not.

    Returns
    -------
    dict of str to float or None
        ``quick_share`` of the wanted scenes came within ``quick_s`` [s], the other insights after
        ``rest_s`` at their median [s]. None for a single group.

    Notes
    -----
    There are two groups if a span of times of a whole decade holds at most one insight in a
    hundred while below and above it lie at least five in a hundred each. An exponential, uniform
    or lognormal spread of times has no such valley. Of several spans the emptiest counts, of
    equally empty ones the longest after it.
    """
    times_s = np.sort(times_s)
    n = len(times_s)
    if n < FEWEST:
        return None
    below = np.arange(1, n + 1)
    above = n - np.searchsorted(times_s, APART * times_s, side="right")
    between = n - below - above
    parted = (np.minimum(below, above) >= GROUP_SHARE * n) & (between <= BETWEEN_SHARE * n)
    if not parted.any():
        return None
    rows = np.flatnonzero(parted)
    row = int(rows[np.lexsort((times_s[rows] / times_s[n - above[rows]], between[rows]))[0]])
    return {
        "quick_share": float(below[row]) / wanted,
        "quick_s": float(times_s[row]),
        "rest_s": float(np.median(times_s[row + 1 :])),
    }


def binding(jobs: pl.DataFrame) -> dict[str, float]:
    """Share of all waiting by cause.

    Parameters
    ----------
    jobs : polars.DataFrame
        With the ``wait_*_s`` columns.

    Returns
    -------
    dict of str to float
        Adds up to 1, or is all 0 if nothing waited.
    """
    return shares_of({cause.value: float(jobs[f"wait_{cause.value}_s"].sum()) for cause in Cause})


def shares_of(totals_s: dict[str, float]) -> dict[str, float]:
    """Share each cause has of all waiting.

    Parameters
    ----------
    totals_s : dict of str to float
        By cause [s].

    Returns
    -------
    dict of str to float
        As for :func:`binding`.
    """
    whole_s = sum(totals_s.values())
    order = ["contact", "heat", "battery", "link", "compute", "storage", "rule"]
    order += ["fault"] if totals_s["fault"] > 0.0 else []  # said only where anything failed
    return {name: totals_s[name] / whole_s if whole_s > 0.0 else 0.0 for name in order}


def _missed_by(reasons: pl.Series) -> dict[str, int]:
    counts = dict(reasons.value_counts().iter_rows())
    return {name: int(counts[name]) for name in sorted(counts)}


def percentile(values_s: Floats, percent: int) -> float | None:
    """Give a percentile, if there is anything to take it of.

    Parameters
    ----------
    values_s : (n,) float array
        Times [s].
    percent : int
        0 to 100.

    Returns
    -------
    float or None
        None of nothing [s].
    """
    return float(np.percentile(values_s, percent)) if len(values_s) else None


def _bytes_saved(world: World, jobs: pl.DataFrame) -> dict[str, float]:
    """Raw bytes that need not go down if the customer wants decisions, or clear pixels."""
    # Counted over the scenes that were looked at in this run: wherever they were, this is what
    # computing on board saves or would have saved.
    judged = jobs.filter(pl.col("node") != "")
    dropped = judged.filter(~pl.col("kept"))
    stages = world.scenario.pipeline.stages
    sizes = np.array([stage.output_bytes if stage.deliver else 0.0 for stage in stages])
    answers_bytes = sizes @ world.stages_run[:, judged["job_id"].to_numpy()]
    return {
        "decisions": float(judged["raw_bytes"].sum()) - float(answers_bytes.sum()),
        "pixels": float(dropped["raw_bytes"].sum()),
    }


def _energy_per_insight(
    jobs: pl.DataFrame, insights: int, held_laser_j: float
) -> dict[str, float | None]:
    """Add what the jobs burned and what it took to hold the laser links for them."""
    space_j = float(jobs["space_energy_j"].sum()) + held_laser_j
    ground_j = float(jobs["ground_energy_j"].sum())
    return {
        "total": per(space_j + ground_j, insights),
        "space": per(space_j, insights),
        "ground": per(ground_j, insights),
    }


def per(total_j: float, insights: int) -> float | None:
    """Share an energy out.

    Parameters
    ----------
    total_j : float
        Energy [J].
    insights : int
        Among how many.

    Returns
    -------
    float or None
        None among none [J].
    """
    return total_j / insights if insights else None


def _composition(architecture: Architecture) -> dict[str, Any]:
    """Say what an architecture of a scenario's own is made of; the others are their names."""
    if architecture.name in BUILT_IN:
        return {}
    tables = {"compute": architecture.compute, "carry": architecture.carry}
    named = {key: {row: list(values) for row, values in table} for key, table in tables.items()}
    return {"composition": named}

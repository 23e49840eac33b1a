"""The figures of one architecture, from the tables of its run."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from perigrid.base.jobs import Cause, Outcome
from perigrid.sim.engine import Trace
from perigrid.sim.sustained import sustained_mean_w
from perigrid.sim.world import World

CLOUD = "cloud"
HALF = 0.5
ROUNDING = 1e-9
LINK_CLASSES = ("downlink", "crosslink", "relay", "terrestrial")


def summarise(world: World, jobs: pl.DataFrame, trace: Trace) -> dict[str, Any]:
    """Sum up one architecture.

    Parameters
    ----------
    world : World
        The scenario's pipeline.
    jobs : polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.JOBS`.
    trace : Trace
        Telemetry and balance.

    Returns
    -------
    dict
        One entry of ``architectures`` in the comparison.
    """
    delivered = jobs.filter(pl.col("outcome") == Outcome.DELIVERED.value)
    missed = jobs.filter(pl.col("outcome") == Outcome.MISSED.value)
    times_s = delivered["time_to_insight_s"].to_numpy()
    telemetry = trace.telemetry
    return {
        "insights_delivered": delivered.height,
        "insights_missed": missed.height,
        "in_flight": jobs.height - delivered.height - missed.height,
        "missed_by": _missed_by(missed),
        "time_to_insight_s": {
            "p50": _percentile(times_s, 50.0),
            "p95": _percentile(times_s, 95.0),
            "mean": float(times_s.mean()) if len(times_s) else None,
            "p50_all": median_with_in_flight_s(jobs, world.scenario.duration_s),
        },
        "bytes": {kind: float(jobs[f"{kind}_bytes"].sum()) for kind in LINK_CLASSES},
        "bytes_saved": _bytes_saved(world, jobs),
        "energy_j_per_insight": _energy_per_insight(jobs, delivered.height, trace.held_laser_j),
        "held_laser_j_per_insight": _per(trace.held_laser_j, delivered.height),
        "compute_w_mean": float(telemetry.column("compute_w").mean()),
        "link_w_mean": float(telemetry.column("link_w").mean()),
        "sustained_compute_w": sustained_mean_w(world.fleet, world.outlook, trace.architecture),
        "battery_soc_min": float(telemetry.column("battery_soc").min()),
        "radiator_k_max": float(telemetry.column("radiator_k").max()),
        "computer_k_max": float(telemetry.column("computer_k").max()),
        "throttle_min": float(telemetry.column("throttle").min()),
        "outside_temperature_s": _outside_temperature_s(world, trace),
        "unserved_j": float(trace.state.flows_j["unserved_j"].sum()),
        "binding": binding(jobs),
        "energy_balance_error": trace.balance_error,
        "records": trace.records,
        "ledger_head": trace.head,
        **({} if trace.faults is None else {"faults": trace.faults}),
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
    wanted = jobs.filter(pl.col("kept"))
    ended_s = wanted["t_end_s"].fill_nan(end_s).to_numpy()
    missed = (wanted["outcome"] == Outcome.MISSED.value).to_numpy()
    ages_s = np.where(missed, np.inf, ended_s - wanted["t_capture_s"].to_numpy())
    delivered = (wanted["outcome"] == Outcome.DELIVERED.value).to_numpy()
    waiting = 1.0
    # deliveries before censored cases of the same age, as the estimator wants
    for rank, row in enumerate(np.lexsort((~delivered, ages_s))):
        if delivered[row]:
            waiting *= 1.0 - 1.0 / (len(ages_s) - rank)
            if waiting <= HALF + ROUNDING:
                return float(ages_s[row])
    return None


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
    totals_s = {cause.value: float(jobs[f"wait_{cause.value}_s"].sum()) for cause in Cause}
    whole_s = sum(totals_s.values())
    order = ["contact", "heat", "battery", "link", "compute", "storage", "rule"]
    order += ["fault"] if totals_s["fault"] > 0.0 else []  # said only where anything failed
    return {name: totals_s[name] / whole_s if whole_s > 0.0 else 0.0 for name in order}


def _outside_temperature_s(world: World, trace: Trace) -> float:
    """Satellite-seconds in which a computer was hotter or colder than it survives at work."""
    thermal = world.fleet.satellites.thermal
    computer_k = trace.telemetry.column("computer_k")
    outside = (computer_k > thermal.computer_limit_k) | (computer_k < thermal.survival_min_k)
    return float((outside * np.diff(world.outlook.t_s)[:, None]).sum())


def _missed_by(missed: pl.DataFrame) -> dict[str, int]:
    counts = dict(missed["reason"].value_counts().iter_rows())
    return {name: int(counts[name]) for name in sorted(counts)}


def _percentile(values_s: np.ndarray[Any, np.dtype[np.float64]], percent: float) -> float | None:
    return float(np.percentile(values_s, percent)) if len(values_s) else None


def _bytes_saved(world: World, jobs: pl.DataFrame) -> dict[str, float]:
    """Raw bytes that need not go down if the customer wants decisions, or clear pixels."""
    # Counted over the scenes that the detector judged in this run: wherever it ran, this is what
    # running it on board saves or would have saved.
    judged = jobs.filter(pl.col("cloud_seen").is_not_nan())
    dropped = judged.filter(pl.col("cloud_seen") > world.scenario.pipeline.drop_above_cloud)
    kept = judged.height - dropped.height
    answers_bytes = kept * world.classify.output_bytes
    return {
        "decisions": float(judged["raw_bytes"].sum()) - answers_bytes,
        "pixels": float(dropped["raw_bytes"].sum()),
    }


def _energy_per_insight(
    jobs: pl.DataFrame, insights: int, held_laser_j: float
) -> dict[str, float | None]:
    """Add what the jobs burned and what it took to hold the laser links for them."""
    space_j = float(jobs["space_energy_j"].sum()) + held_laser_j
    ground_j = float(jobs["ground_energy_j"].sum())
    return {
        "total": _per(space_j + ground_j, insights),
        "space": _per(space_j, insights),
        "ground": _per(ground_j, insights),
    }


def _per(total_j: float, insights: int) -> float | None:
    return total_j / insights if insights else None

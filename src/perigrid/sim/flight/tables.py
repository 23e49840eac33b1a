"""Tables of a flight as frames: decisions and jobs."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from perigrid.base.jobs import Cause, Outcome
from perigrid.control.dispatch.codes import NAMES, WAITS_FOR, Reason
from perigrid.ledger.rows import ALLOWED, ASKED, KINDS, Kind
from perigrid.ledger.tables import FLEET_ACTIONS, JOBS, WEIGHED
from perigrid.sim.flight.build import Flight
from perigrid.sim.flight.world import Count, Phase

_CAUSES: Final = tuple(str(one) for one in Cause)
_PHASES: Final = tuple(one.name.lower() for one in Phase)
_OUTCOMES: Final = {Phase.DELIVERED: Outcome.DELIVERED, Phase.MISSED: Outcome.MISSED}
COMPUTE_JOBS: Final[dict[str, type[pl.DataType]]] = {
    **JOBS,
    "state": pl.String,  # at the end: delivered, missed, or where it was in flight
    "detail": pl.String,  # of a miss: what ruled out most satellites, or late, faults; else ""
    "model": pl.Int64,
    "t_deadline_s": pl.Float64,
    "t_start_s": pl.Float64,  # first begun; NaN if it never was
    "work_s": pl.Float64,  # at full speed
    "left_s": pl.Float64,  # of it, with what saving takes
    "answer_bytes": pl.Float64,
    "value": pl.Float64,  # of an answer in time
    "attempts": pl.Int64,  # times it was given to a satellite
    "wrong": pl.Boolean,  # delivered wrong: no check found it
}
_TICK_S: Final = 2.0**-24
"""Waits are told in these, which packs them well [s]."""


def actions_frame(flight: Flight, sequence: int) -> pl.DataFrame:
    """Decisions in the log.

    Parameters
    ----------
    flight : Flight
        Its log is left as it is.
    sequence : int
        Number of the record that the part will have.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.FLEET_ACTIONS`.
    """
    world = flight.world
    rows = int(world.counts[Count.LOGGED])
    log, others = world.log[:rows], world.log_others[:rows]
    nobody, asks = log["node"] < 0, log["kind"] == Kind.ASK
    data: dict[str, Any] = {
        "sequence": np.full(rows, sequence),
        "t_s": log["t_s"],
        "job_id": log["job"],
        "kind": _words(log["kind"], KINDS),
        "product": _words(nobody, ("raw", "")),
        "source": _names(flight, log["source"]),
        "target": _names(flight, log["node"]),
        "t_until_s": np.where(log["kind"] == Kind.CLOSE, np.nan, log["until_s"]),
        "reason": _words(log["reason"], NAMES),
        "attempt": log["attempt"],
        "candidates": log["candidates"],
        "stage": _words(nobody, ("compute", "")),
        "verdict": _words(asks, (ALLOWED, ASKED)),
        "rule": _words(log["rule"], flight.rules.names),
    }
    for shown in range(WEIGHED):
        label, other = f"other{shown + 1}", others[:, shown]
        data[label] = _names(flight, other["node"])
        data[f"{label}_t_answer_s"] = other["answer_s"]
        data[f"{label}_why"] = _words(other["reason"], NAMES)
    return _framed(data, FLEET_ACTIONS)


def jobs_frame(flight: Flight, rows: slice) -> pl.DataFrame:
    """List some jobs at the end.

    Parameters
    ----------
    flight : Flight
        After the last step.
    rows : slice
        Which.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.COMPUTE_JOBS`.
    """
    world = flight.world
    jobs, con, count = world.jobs[rows], world.con[0], rows.stop - rows.start
    done, missed = (jobs["phase"] == one for one in (Phase.DELIVERED, Phase.MISSED))
    waits_s = waited_s(flight, rows)
    begun = np.isfinite(jobs["start_s"])
    nothing = np.full(count, np.nan)
    latitude_deg, longitude_deg = _places(flight, jobs["source"])
    data: dict[str, Any] = {
        "job_id": np.arange(rows.start, rows.stop),
        "satellite": _names(flight, jobs["source"]),
        "t_capture_s": jobs["release_s"],
        "latitude_deg": latitude_deg,
        "longitude_deg": longitude_deg,
        "place": _names(flight, np.where(jobs["source"] >= len(world.sats), jobs["source"], -1)),
        **dict.fromkeys(("target", "scene"), np.full(count, -1)),
        "raw_bytes": np.rint(jobs["input_bytes"]),
        **dict.fromkeys(("cloud_truth", "cloud_seen"), nothing),
        "kept": np.ones(count, dtype=np.bool_),
        "outcome": _words(jobs["phase"], [_OUTCOMES.get(one, Outcome.IN_FLIGHT) for one in Phase]),
        "reason": _words(np.where(missed, 1 + missed_for(jobs, waits_s), 0), ("", *_CAUSES)),
        "node": _names(flight, np.where(begun, jobs["node"], -1)),
        "t_end_s": jobs["end_s"],
        "time_to_insight_s": np.where(done, jobs["end_s"] - jobs["release_s"], np.nan),
        **{
            f"wait_{cause}_s": np.rint(waits_s[:, row] / _TICK_S) * _TICK_S
            for row, cause in enumerate(_CAUSES)
        },
        "downlink_bytes": np.rint(jobs["down_bytes"]),
        "crosslink_bytes": nothing,
        **dict.fromkeys(("relay_bytes", "terrestrial_bytes"), np.zeros(count)),
        "space_energy_j": (jobs["spent_s"] * (con["extra_w"] / con["slots"])).astype(np.float32),
        "ground_energy_j": nothing,
        "state": _words(jobs["phase"], _PHASES),
        "detail": _words(np.where(missed, jobs["cause"], 0), ("", *NAMES[1:])),
        "model": jobs["model"],
        "t_deadline_s": jobs["deadline_s"],
        "t_start_s": jobs["start_s"],
        "answer_bytes": np.rint(jobs["output_bytes"]),
        "attempts": jobs["attempt"],
        "wrong": done & (jobs["wrong"] > 0),
        **{name: jobs[name] for name in ("work_s", "left_s", "value")},
    }
    return _framed(data, COMPUTE_JOBS)


def waited_s(flight: Flight, rows: slice) -> npt.NDArray[np.float64]:
    """Sum up what jobs waited for until they ended, or until the end of the run.

    Parameters
    ----------
    flight : Flight
        After the last step.
    rows : slice
        Which jobs.

    Returns
    -------
    (n, CAUSES) float array
        In the order of :class:`perigrid.base.jobs.Cause`; a row adds up to the job's life [s].
    """
    jobs, found = flight.world.jobs[rows], flight.world.waits_s[rows].copy()
    still = (jobs["phase"] != Phase.DELIVERED) & (jobs["phase"] != Phase.MISSED)
    lasting_s = np.where(still, flight.scenario.duration_s - jobs["since_s"], 0.0)
    found[np.arange(len(jobs)), jobs["blocked"]] += np.maximum(lasting_s, 0.0)
    return found


def missed_for(jobs: npt.NDArray[Any], waits_s: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Say for what jobs missed: what stood in the way of all satellites, or their longest wait.

    Parameters
    ----------
    jobs : (n,) structured array
        Jobs.
    waits_s : (n, CAUSES) float array
        From :func:`waited_s` [s].

    Returns
    -------
    (n,) int array
        Places of :class:`perigrid.base.jobs.Cause`; meant for those that missed.
    """
    longest = np.where(waits_s.any(axis=1), waits_s.argmax(axis=1), WAITS_FOR[Reason.LATE])
    at_the_end = WAITS_FOR[jobs["cause"]]
    found: npt.NDArray[np.intp] = np.where(jobs["cause"] == Reason.LATE, longest, at_the_end)
    return found.astype(np.intp)


def _framed(data: dict[str, Any], schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """Put columns of their own into the order and kinds of a contract."""
    own = {
        name: np.ascontiguousarray(value) if isinstance(value, np.ndarray) else value
        for name, value in data.items()
    }
    return pl.DataFrame({name: own[name] for name in schema}).cast(pl.Schema(schema))


def _words(codes: npt.NDArray[np.generic], names: Any) -> pl.Series:  # noqa: ANN401  texts
    """Codes as words."""
    return pl.Series([str(one) for one in names], dtype=pl.String).gather(codes.astype(np.int64))


def _names(flight: Flight, nodes: npt.NDArray[np.generic]) -> pl.Series:
    """Names of nodes; empty for -1."""
    return _words(np.asarray(nodes, dtype=np.int64) + 1, ("", *flight.nodes))


def _places(flight: Flight, source: npt.NDArray[np.generic]) -> tuple[Any, Any]:
    """Where ground nodes are [deg]; NaN for satellites, which move."""
    fleet = flight.fleet
    moving = np.full(fleet.n_satellites, np.nan)
    rows = list(fleet.stations)
    angles = (fleet.latitude_rad[rows], fleet.longitude_rad[rows])
    latitude, longitude = (np.concatenate([moving, np.degrees(one)])[source] for one in angles)
    return latitude, longitude

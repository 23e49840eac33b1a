"""Tables of a flight as frames: decisions, telemetry, jobs."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from perigrid.control.dispatch.arrays import SHOWN
from perigrid.control.dispatch.codes import NAMES
from perigrid.sim.flight.world import Count, Phase, World

_PHASES: Final = tuple(one.name.lower() for one in Phase)


def _words(codes: npt.NDArray[np.generic], names: tuple[str, ...]) -> pl.Series:
    """Codes as words, kept as a dictionary in the file."""
    words = np.array(names, dtype=object)[codes]
    return pl.Series(words.tolist(), dtype=pl.Enum(names))


def decisions_frame(world: World) -> pl.DataFrame:
    """Decisions in the log.

    Parameters
    ----------
    world : World
        Its log is left as it is.

    Returns
    -------
    polars.DataFrame
        Time, job, attempt, chosen node (-1 for none) and expected answer, reason if nobody was
        chosen, number of candidates, and the nearest alternatives with why each lost.
    """
    rows = int(world.counts[Count.LOGGED])
    log, others = world.log[:rows], world.log_others[:rows]
    data: dict[str, pl.Series | npt.NDArray[np.generic]] = {
        name: log[name] for name in ("t_s", "job", "attempt", "node", "answer_s")
    }
    data["reason"] = _words(log["reason"], NAMES)
    data["candidates"] = log["candidates"]
    for shown in range(SHOWN):
        label = f"other{shown + 1}"
        data[f"{label}_node"] = others["node"][:, shown]
        data[f"{label}_answer_s"] = others["answer_s"][:, shown]
        data[f"{label}_reason"] = _words(others["reason"][:, shown], NAMES)
    return pl.DataFrame({name: _own(column) for name, column in data.items()})


def _own(column: pl.Series | npt.NDArray[np.generic]) -> pl.Series:
    """Copy a field of a table into a column of its own."""
    if isinstance(column, pl.Series):
        return column
    return pl.Series(np.ascontiguousarray(column))


def telemetry_frame(world: World, t_s: float) -> pl.DataFrame:
    """State of every satellite at one time.

    Parameters
    ----------
    world : World
        At the end of a step.
    t_s : float
        That time [s].

    Returns
    -------
    polars.DataFrame
        One row a satellite, in single precision.
    """
    sats, n = world.sats, len(world.sats)
    single = np.float32
    running = np.count_nonzero(world.running >= 0, axis=1)
    return pl.DataFrame(
        {
            "t_s": np.full(n, t_s),
            "satellite": np.arange(n, dtype=np.int32),
            "array_w": sats["array_w"].astype(single),
            "battery_j": sats["battery_j"].astype(single),
            "computer_k": sats["computer_k"].astype(single),
            "radiator_k": sats["radiator_k"].astype(single),
            "speed": sats["speed"].astype(single),
            "backlog_s": sats["backlog_s"].astype(single),
            "stored_bytes": sats["stored_bytes"].astype(single),
            "running": running.astype(np.int16),
            "promised": np.ascontiguousarray(sats["promised"]).astype(np.int16),
            "away": np.ascontiguousarray(world.ends["away"][:n]) > 0,
        }
    )


def jobs_frame(world: World, rows: slice) -> pl.DataFrame:
    """List some jobs at the end.

    Parameters
    ----------
    world : World
        After the last step.
    rows : slice
        Which.

    Returns
    -------
    polars.DataFrame
        Request, how it ended and where.
    """
    jobs = world.jobs[rows]
    data: dict[str, pl.Series] = {"job": pl.Series(np.arange(rows.start, rows.stop))}
    for name in ("source", "model", "release_s", "deadline_s", "work_s", "input_bytes",
                 "output_bytes", "value"):  # fmt: skip
        data[name] = _own(jobs[name])
    data["outcome"] = _words(jobs["phase"], _PHASES)
    data["cause"] = _words(jobs["cause"], NAMES)
    for name in ("node", "attempt", "start_s", "end_s", "left_s"):
        data[name] = _own(jobs[name])
    delivered = jobs["phase"] == int(Phase.DELIVERED)
    data["latency_s"] = _own(np.where(delivered, jobs["end_s"] - jobs["release_s"], np.nan))
    data["wrong"] = _own(delivered & (jobs["wrong"] > 0))
    return pl.DataFrame(data)

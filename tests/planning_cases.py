"""Instances small enough to work out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from perigrid.control.planning.instance import Instance, Satellites, Schedule, Work


def instance_of(
    jobs: list[dict[str, Any]], satellites: int = 1, slots: int = 6, **sky: Any
) -> Instance:
    """Bright satellites, full batteries, a station always in sight, unless told otherwise."""
    shape = (satellites, slots)
    base: dict[str, Any] = {
        "gain_j": np.zeros(shape),
        "start_j": np.full(satellites, 100.0),
        "floor_j": np.zeros(satellites),
        "capacity_j": np.full(satellites, 100.0),
        "downlink_bytes": np.full(shape, 10.0),
        "memory_bytes": np.full(shape, np.inf),
        "closed": np.zeros(shape, dtype=np.bool_),
        "start_k": np.zeros(satellites),
        "limit_k": np.full(satellites, np.inf),
        "warming_k": np.zeros(shape),
        "warming_k_per_j": 1.0,
        "kept_share": 0.5,
    }
    return Instance(Satellites(**(base | sky)), work_of(jobs, satellites, slots), 900.0)


def work_of(jobs: list[dict[str, Any]], satellites: int, slots: int) -> Work:
    """Jobs of one slot, 10 J and value 1 that may run anywhere, unless told otherwise."""

    def column(name: str, default: float, kind: type = np.int64) -> Any:
        return np.array([job.get(name, default) for job in jobs], dtype=kind)

    origin = column("origin", 0)
    others = (origin[:, None] + np.arange(satellites)) % satellites
    return Work(
        origin=origin,
        release=column("release", 0),
        deadline=column("deadline", slots - 1),
        duration=column("duration", 1),
        energy_j=column("energy_j", 10.0, float),
        memory_bytes=column("memory_bytes", 1.0, float),
        output_bytes=column("output_bytes", 1.0, float),
        value=column("value", 1.0, float),
        candidate=others.astype(np.int64),
        delay=np.where(others == origin[:, None], 0, 1).astype(np.int64),
    )


def schedule_of(*places: tuple[int, int, int]) -> Schedule:
    """Satellite, start and downlink of each job; -1 for none."""
    columns = np.array(places, dtype=np.int64).reshape(-1, 3)
    return Schedule(*(columns[:, k].copy() for k in range(3)))

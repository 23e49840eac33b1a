"""Contacts and an outlook to put controllers and schedulers before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perigrid.base.jobs import Job
from perigrid.fleet.model import ContactKind, Contacts, Fleet, Outlook
from perigrid.fleet.windows import no_contacts

JOB = Job(0, 0, 0.0, 1e4, 1e8, 1e9, 0.0, 0.0, 0, 0)
Row = tuple[ContactKind, int, int, float, float]


def contact_table(rows: Sequence[Row], rate_bps: float = 1e9) -> Contacts:
    """Windows of kind, source, target, start, end."""
    rows = sorted(rows, key=lambda row: row[3])
    n = len(rows)
    return Contacts(
        kind=np.array([int(row[0]) for row in rows], dtype=np.int64),
        source=np.array([row[1] for row in rows], dtype=np.int64),
        target=np.array([row[2] for row in rows], dtype=np.int64),
        t_start_s=np.array([row[3] for row in rows], dtype=float),
        t_end_s=np.array([row[4] for row in rows], dtype=float),
        rate_bps=np.full(n, rate_bps),
        light_time_s=np.full(n, 0.005),
        hops=np.zeros(n, dtype=np.int64),
        max_elevation_rad=np.full(n, np.nan),
    )


def empty_outlook(fleet: Fleet, array_w: float = 1500.0) -> Outlook:
    """Bright all day, nobody in sight."""
    t_s = np.arange(0.0, 14_400.0 + 60.0, 60.0)
    shape = (fleet.n_satellites, len(t_s))
    return Outlook(
        t_s=t_s,
        illumination=np.ones(shape),
        array_w=np.full(shape, array_w),
        environment_w=np.full(shape, 100.0),
        latitude_rad=np.zeros(shape),
        longitude_rad=np.zeros(shape),
        altitude_m=np.full(shape, 5e5),
        contacts=no_contacts(),
    )

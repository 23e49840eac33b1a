"""Runs of grid intervals, and contact rows made of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from perigrid.fleet.model import ContactKind, Contacts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def label_runs(labels: Ints) -> tuple[Ints, Ints]:
    """Find maximal stretches of one and the same non-negative label.

    Parameters
    ----------
    labels : (n_intervals,) int array
        Negative where nothing holds.

    Returns
    -------
    first, stop : (n_runs,) int array
        Run ``i`` covers intervals ``first[i]`` up to, not including, ``stop[i]``.
    """
    if len(labels) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    edges = np.flatnonzero(labels[1:] != labels[:-1]) + 1
    first = np.concatenate([[0], edges]).astype(np.int64)
    stop = np.concatenate([edges, [len(labels)]]).astype(np.int64)
    held = labels[first] >= 0
    return first[held], stop[held]


def rows_by_label(labels: Ints, count: int) -> list[Ints]:
    """List the rows of each label.

    Parameters
    ----------
    labels : (n,) int array
        From 0 to ``count - 1``.
    count : int
        How many labels there are, at least one.

    Returns
    -------
    list of int array
        Of each label its rows, ascending.
    """
    order = np.argsort(labels, kind="stable").astype(np.int64)
    return np.split(order, np.searchsorted(labels[order], np.arange(1, count)))


def contact_rows(
    kind: ContactKind,
    *,
    source: npt.ArrayLike,
    target: npt.ArrayLike,
    t_start_s: npt.ArrayLike,
    t_end_s: npt.ArrayLike,
    rate_bps: npt.ArrayLike,
    light_time_s: npt.ArrayLike,
    hops: npt.ArrayLike | None = None,
    max_elevation_rad: npt.ArrayLike | None = None,
) -> Contacts:
    """Make contact rows of one kind.

    Parameters
    ----------
    kind : ContactKind
        Of every row.
    source, target : (n,) int array_like
        Fleet rows.
    t_start_s, t_end_s : (n,) float array_like
        Usable interval [s].
    rate_bps : (n,) float array_like
        Information rate [bit/s].
    light_time_s : (n,) float array_like
        One-way delay [s].
    hops : (n,) int array_like, optional
        Relay satellites on the way; 0 if left out.
    max_elevation_rad : (n,) float array_like, optional
        Highest elevation; NaN if left out [rad].

    Returns
    -------
    Contacts
        In the order given.
    """
    rows = np.asarray(source, dtype=np.int64)
    n = len(rows)
    return Contacts(
        kind=np.full(n, int(kind), dtype=np.int64),
        source=rows,
        target=np.asarray(target, dtype=np.int64),
        t_start_s=np.asarray(t_start_s, dtype=np.float64),
        t_end_s=np.asarray(t_end_s, dtype=np.float64),
        rate_bps=np.asarray(rate_bps, dtype=np.float64),
        light_time_s=np.asarray(light_time_s, dtype=np.float64),
        hops=np.zeros(n, dtype=np.int64) if hops is None else np.asarray(hops, dtype=np.int64),
        max_elevation_rad=np.full(n, np.nan)
        if max_elevation_rad is None
        else np.asarray(max_elevation_rad, dtype=np.float64),
    )


def no_contacts() -> Contacts:
    """Make an empty table.

    Returns
    -------
    Contacts
        No rows.
    """
    return contact_rows(
        ContactKind.DOWNLINK,
        source=[],
        target=[],
        t_start_s=[],
        t_end_s=[],
        rate_bps=[],
        light_time_s=[],
    )


def merge_contacts(parts: Sequence[Contacts]) -> Contacts:
    """Join tables into one, sorted by start, then kind, source and target.

    Parameters
    ----------
    parts : sequence of Contacts
        At least one.

    Returns
    -------
    Contacts
        All rows.
    """
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in Contacts.__dataclass_fields__
    }
    order = np.lexsort(
        (columns["target"], columns["source"], columns["kind"], columns["t_start_s"])
    )
    return Contacts(**{name: column[order] for name, column in columns.items()})

"""Compute jobs that no policy tells apart, and what rules close to their data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from perigrid.base.job_table import column_of
from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured
from perigrid.control.policy.build import build_gate
from perigrid.control.policy.gate import Gate
from perigrid.fleet.model import Ints
from perigrid.sim.world import World


def job_classes(world: World, gate: Gate) -> tuple[list[Job], Ints] | None:
    """Find jobs that stand for all others, and let a gate learn of them.

    Parameters
    ----------
    world : World
        With compute jobs.
    gate : Gate
        Of its own.

    Returns
    -------
    tuple of (list of Job, (n_jobs,) int array) or None
        Numbered from 0; and which of them each job is like. None if policies do more with the time
        than compare it with numbers: then every job may be a class of its own.
    """
    origin, begin_s = (column_of(world.jobs, one) for one in ("origin", "t_capture_s"))
    turns_s = gate.policies.capture_turns_s
    if turns_s is None:
        return None
    since = np.searchsorted(np.array(turns_s), begin_s.astype(np.int64), side="right")
    key = origin.astype(np.int64) * (len(turns_s) + 1) + since
    _, first, alike = np.unique(key, return_index=True, return_inverse=True)
    probes = [replace(world.jobs[row], job_id=k) for k, row in enumerate(first.tolist())]
    gate.learn([Captured(one.t_capture_s, one) for one in probes])
    return probes, alike.ravel()


def crossed_warnings(world: World) -> tuple[str, ...]:
    """Say what rules are not asked about, where routes may cross satellites that they close.

    Parameters
    ----------
    world : World
        Of any kind of work.

    Returns
    -------
    tuple of str
        A warning, if some satellites are closed to the data of some jobs and not all are.
    """
    if world.scenario.jobs is None:
        return ()
    gate = build_gate(world.scenario, world.fleet)
    classes, n = job_classes(world, gate), world.fleet.n_satellites
    numbers = range(0 if classes is None else len(classes[0]))
    closed: set[int] = set()
    for forbidden in {gate.forbidden_nodes(number, Product.RAW) for number in numbers}:
        here = {row for row in forbidden if row < n}
        closed |= here if len(here) < n else set()
    if not closed:
        return ()
    return (
        f"rules close {len(closed)} of {n} satellites to some jobs: none is computed there, but "
        "its data may cross them on their way, which no rule is asked about",
    )

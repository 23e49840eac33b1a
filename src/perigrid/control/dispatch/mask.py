"""Satellites that a rule forbids: asked of the gate before the flight, once for each kind."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Product, StageName
from perigrid.base.messages import Compute, Move
from perigrid.control.dispatch.arrays import Bytes
from perigrid.control.policy.gate import ALLOW, Gate
from perigrid.fleet.model import Fleet


def forbidden_mask(gate: Gate, fleet: Fleet) -> Bytes:
    """Tell which satellites may not have the jobs' data or work on it.

    Parameters
    ----------
    gate : Gate
        The rules.
    fleet : Fleet
        Operators and countries.

    Returns
    -------
    (n_satellites,) uint8 array
        1 where a rule denies moving raw data to it or computing there, or leaves that to a person:
        nobody is asked about one job among a million.
    """
    mask = np.zeros(fleet.n_satellites, dtype=np.uint8)
    mask[[row for row in gate.forbidden_nodes(Product.RAW) if row < fleet.n_satellites]] = 1
    known: dict[tuple[str, str], bool] = {}
    for row in range(fleet.n_satellites):
        kind = fleet.operators[row], fleet.countries[row]
        if kind not in known:
            wanted = (
                Move(0, Product.RAW, row, row, (), ""),
                Compute(0, row, StageName.CLASSIFY, ""),
            )
            known[kind] = any(gate.judge(one).decision != ALLOW for one in wanted)
        mask[row] |= known[kind]
    return mask

"""Contact plans of ION laid out for the search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perigrid.control.contact_plan.table import ContactTable, contact_table
from perigrid.scenario.ion_contact_plan import IonPlan


@dataclass(frozen=True, slots=True)
class ImportedPlan:
    """A contact plan read from ION's format.

    Parameters
    ----------
    table : ContactTable
        Its rows are the plan's contacts between different nodes, in the plan's order.
    nodes : tuple of int
        The file's number of each node of the table, ascending.
    without_range : int
        Contacts of unknown light time, taken as 0.
    """

    table: ContactTable
    nodes: tuple[int, ...]
    without_range: int


def import_ion(plan: IonPlan) -> ImportedPlan:
    """Lay a contact plan out for the search.

    Parameters
    ----------
    plan : IonPlan
        As read; contacts of a node with itself carry nothing anywhere and are left out, but the
        node is kept.

    Returns
    -------
    ImportedPlan
        Confidence is not used: every contact is taken to happen.
    """
    numbers = sorted({node for one in plan.contacts for node in (one.source, one.target)})
    index = {number: place for place, number in enumerate(numbers)}
    lights_s = plan.light_times_s()
    kept = [
        (one, light_s)
        for one, light_s in zip(plan.contacts, lights_s, strict=True)
        if one.source != one.target
    ]
    table = contact_table(
        len(numbers),
        np.array([index[one.source] for one, _ in kept], dtype=np.int64),
        np.array([index[one.target] for one, _ in kept], dtype=np.int64),
        np.array([one.t_start_s for one, _ in kept], dtype=np.float64),
        np.array([one.t_end_s for one, _ in kept], dtype=np.float64),
        np.array([one.rate_bps for one, _ in kept], dtype=np.float64),
        np.array([light_s or 0.0 for _, light_s in kept], dtype=np.float64),
    )
    return ImportedPlan(table, tuple(numbers), sum(light_s is None for _, light_s in kept))

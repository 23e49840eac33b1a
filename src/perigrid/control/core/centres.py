"""Data centres: when their slots are free again, by what they were given.

On the ground nothing slows a computer down, and stages begin in the order in which they were given:
their ends are known.
"""

from __future__ import annotations

import numpy as np

from perigrid.control.core.graph import cost_of
from perigrid.control.core.parts import to_centre_s
from perigrid.control.core.queues import sent_bytes
from perigrid.control.core.rules import facts_of
from perigrid.control.core.shared import Shared
from perigrid.control.core.state import ANSWER
from perigrid.physics.compiled import part


@part
def comes_late(c: Shared, job: int, k: int, node: int) -> bool:
    """Whether the answer of a stage that is given to a data centre now comes too late.

    Parameters
    ----------
    c : Shared
        What is known.
    job, k, node : int
        Which, its next stage, fleet row of the data centre that has its data.

    Returns
    -------
    bool
        Stages that may follow are not counted.
    """
    end_s = c.slot_free_s[_first_free(c, node)]
    end_s = max(c.con[0].t_s, end_s) + cost_of(c, job, k, node).work_s
    if c.jobs[job].user >= 0:
        opened = facts_of(c, job, ANSWER)
        end_s = to_centre_s(c, job, ANSWER, opened, node, end_s, sent_bytes(c, job))
    return bool(c.jobs[job].deadline_s < end_s < np.inf)


@part
def take_slot(c: Shared, job: int, k: int, node: int) -> None:
    """Note that a data centre was given a stage."""
    slot = _first_free(c, node)
    begin_s = max(c.con[0].t_s, c.slot_free_s[slot])
    c.slot_free_s[slot] = begin_s + cost_of(c, job, k, node).work_s


@part
def _first_free(c: Shared, node: int) -> int:
    """Slot of a data centre that is free first."""
    first = c.nodes[node].first_slot
    return int(first + np.argmin(c.slot_free_s[first : first + c.nodes[node].slots]))

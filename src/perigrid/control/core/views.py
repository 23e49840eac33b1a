"""What others know of a satellite: its own state at once, else as it was last heard of.

A *row of what is known* is a satellite's own, or, as many further on as there are satellites, what
those know who were not connected to it at the last report. They reckon its state ahead from the
last that they heard, with the light that is known and the work that was.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.control.core.curves import STEP_S
from perigrid.control.core.forecast import column_of, correct, simulate, step
from perigrid.control.core.islands import is_connected
from perigrid.control.core.messages import Table
from perigrid.control.core.shared import Shared, satellite_of
from perigrid.control.core.state import Core
from perigrid.physics.compiled import part

AGE: Final = 3
"""Place among the numbers of a decision: how old what was known of its satellite was [s]."""
_AGE, _STEP_S = AGE, STEP_S


@part
def hear(c: Shared, node: int) -> None:
    """Let others know what a satellite reported, and what it knows of itself.

    Parameters
    ----------
    c : Shared
        Changed.
    node : int
        Satellite, which is connected.
    """
    heard, me = c.heard[node], c.satellites[node]
    heard.told_s = heard.now_s = c.con[0].told_s
    heard.battery_j, heard.computer_k = c.told[0, node], c.told[1, node]
    heard.radiator_k, heard.held_bytes = c.told[2, node], c.told[3, node]
    heard.now_j, heard.now_computer_k = heard.battery_j, heard.computer_k
    heard.now_radiator_k = heard.radiator_k
    heard.missing_w, heard.full_j, heard.busy_s = me.missing_w, me.full_j, me.busy_s
    tell_of_itself(c, node)


@part
def tell_of_itself(c: Shared, node: int) -> None:
    """Let others know until when a satellite begins nothing: with a report, or what leaves it."""
    c.heard[node].blocked_s = c.satellites[node].blocked_s
    c.nodes[node].told_quarantine_s = c.nodes[node].quarantine_s


@part
def view_of(c: Shared, viewer: int, node: int) -> int:
    """Find what a node knows of a satellite.

    Parameters
    ----------
    c : Shared
        What others forecast of the satellite is worked out if it is not yet.
    viewer, node : int
        Fleet rows; a viewer that is no satellite is on the ground.

    Returns
    -------
    int
        Row of what is known.
    """
    con = c.con[0]
    if con.reports == 0 or is_connected(c, viewer, node):
        return node
    row, heard = con.n_satellites + node, c.heard[node]
    if heard.now_s < con.told_s:
        _reckon(c, node)
    if con.seen > 0 and heard.seen != con.seen:
        heard.seen = con.seen
        simulate(c, row, heard.now_j, heard.now_computer_k, heard.now_radiator_k, heard.busy_s)
        correct(c, row, heard.missing_w, heard.full_j, heard.told_s)
    return int(row)


@part
def _reckon(c: Shared, node: int) -> None:
    """Reckon the state of a satellite that was not heard ahead to the last report of others."""
    heard, until_s = c.heard[node], c.con[0].told_s
    t_s, stored = heard.now_s, heard.now_j
    computer, radiator = heard.now_computer_k, heard.now_radiator_k
    while t_s < until_s:
        dt_s = min(_STEP_S, until_s - t_s)
        share = min(max((heard.busy_s - t_s) / dt_s, 0.0), 1.0)
        _, stored, computer, radiator = step(
            c, node, column_of(c, t_s), share, dt_s, stored, computer, radiator
        )
        t_s += dt_s
    heard.now_s, heard.now_j = until_s, stored
    heard.now_computer_k, heard.now_radiator_k = computer, radiator


@part
def note_age(c: Shared, decision: Table, row: int) -> None:
    """Note how old the telemetry was by which another satellite was chosen.

    Parameters
    ----------
    c : Shared
        Its figures change.
    decision : Table
        A decision, which tells the age if that is not of the last report.
    row : int
        Of what is known of that satellite.
    """
    con, node = c.con[0], satellite_of(c, row)
    if con.reports == 0:
        return
    age_s = con.t_s - (con.told_s if row == node else c.heard[node].told_s)
    con.ages += 1
    con.age_s += age_s
    con.oldest_s = max(con.oldest_s, age_s)
    if row != node:
        decision.numbers[_AGE] = age_s


@part
def battery_j(c: Shared, viewer: int, node: int) -> float:
    """Battery of a satellite as a node knows it; before any report infinite [J]."""
    if c.con[0].reports == 0:
        return np.inf
    return float(c.told[0, node] if is_connected(c, viewer, node) else c.heard[node].battery_j)


def telemetry_ages(core: Core) -> dict[str, float | int] | None:
    """Sum up how old the telemetry was by which other satellites were chosen.

    Parameters
    ----------
    core : Core
        At the end of a run.

    Returns
    -------
    dict or None
        How many ``choices`` there were, with the ``mean`` and the ``worst`` age [s]; None if a
        satellite was never chosen by another's telemetry.
    """
    con = core.con[0]
    if con["ages"] == 0:
        return None
    mean_s = float(con["age_s"] / con["ages"])
    return {"choices": int(con["ages"]), "mean": mean_s, "worst": float(con["oldest_s"])}

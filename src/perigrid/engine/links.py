"""What sending costs: the radios' load in each step, and the energy and bytes in a job's books."""

from __future__ import annotations

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.core.messages import Table
from perigrid.engine.shared import whole
from perigrid.engine.state import LINKS, Floats, World
from perigrid.fleet.model import ContactKind
from perigrid.physics.compiled import part

_DOWNLINK, _CROSSLINK, _RELAY = (
    int(ContactKind.DOWNLINK), int(ContactKind.CROSSLINK), int(ContactKind.RELAY),
)  # fmt: skip
_FIBRE = LINKS.index("terrestrial")


@part
def add_load(w: World, leg: Table) -> None:
    """Put the radio's power into the steps in which a leg is sent.

    Parameters
    ----------
    w : World
        Changed in place.
    leg : record
        Booked; laser legs, and routes, go over links that are held anyway.
    """
    if leg.kind == _DOWNLINK and leg.contact >= 0:
        _spread(w, whole(leg.source), leg.t_start_s, leg.t_end_s, w.sats[leg.source].radio_w)


@part
def remove_load(w: World, leg: Table, t_s: float) -> None:
    """Take out what will not be sent of a leg that was booked; what was sent stays.

    Parameters
    ----------
    w : World
        Changed in place.
    leg : record
        As for :func:`add_load`.
    t_s : float
        Now [s].
    """
    if leg.kind == _DOWNLINK and leg.contact >= 0 and leg.t_end_s > t_s:
        start_s = max(leg.t_start_s, t_s)
        _spread(w, whole(leg.source), start_s, leg.t_end_s, -w.sats[leg.source].radio_w)


@part
def _spread(w: World, row: int, start_s: float, end_s: float, power_w: float) -> None:
    edges_s = w.t_s
    step, last = _step_at(edges_s, start_s), len(edges_s) - 1
    while step < last and edges_s[step] < end_s:
        overlap_s = min(end_s, edges_s[step + 1]) - max(start_s, edges_s[step])
        energy_j = w.sent_j[row, step] + max(overlap_s, 0.0) * power_w
        w.sent_j[row, step] = max(energy_j, 0.0)  # of what was taken out again
        step += 1


@part
def _step_at(edges_s: Floats, t_s: float) -> int:
    """Find the step in which a time lies; the first for what comes before it."""
    low, high = 0, len(edges_s)  # the last edge at or before it is in between
    while high - low > 1:
        middle = (low + high) >> 1
        if edges_s[middle] <= t_s:
            low = middle
        else:
            high = middle
    return low


@part
def book_leg(w: World, job: int, leg: Table, end_s: float, nbytes: float) -> None:
    """Put a transmission into a job's books.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    leg : record
        As planned.
    end_s, nbytes : float
        When its last bit was sent [s], and how much [B].

    Notes
    -----
    The satellites' lasers draw the same whether they send or only hold a link. A gateway serves
    many users at once: its power is shared by rate. So is that of the station at an end of a route.
    """
    books, con = w.jobs[job], w.con[0]
    if leg.contact < 0 and leg.kind >= 0:
        station = leg.target if leg.kind == _DOWNLINK else leg.source
        if station >= con.satellites:
            books.ground_j += _shared_j(w.nodes[station], nbytes)
    elif leg.kind == _DOWNLINK:
        send_s = end_s - leg.t_start_s
        books.space_j += send_s * w.sats[leg.source].radio_w
        books.ground_j += send_s * w.nodes[leg.target].active_w
    elif leg.kind == _RELAY:
        books.space_j += nbytes * con.relay_j_byte
        books.ground_j += _shared_j(w.nodes[leg.target], nbytes)
    elif leg.kind != _CROSSLINK:
        books.ground_j += nbytes * con.fibre_j_byte
    w.sent_bytes[job, leg.kind if leg.kind >= 0 else _FIBRE] += nbytes


@part
def _shared_j(station: Table, nbytes: float) -> float:
    """Energy of a station that serves many at once, for some bytes [J]."""
    return float(nbytes * BITS_PER_BYTE / station.feeder_bps * station.active_w)

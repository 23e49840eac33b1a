"""Who holds whose pixels, with room reserved for those under way."""

from __future__ import annotations

from perigrid.engine.state import World
from perigrid.physics.compiled import part


@part
def has_room(w: World, node: int, nbytes: float) -> bool:
    """Say whether pixels would fit on a satellite; reservations count as taken.

    Parameters
    ----------
    w : World
        Read.
    node : int
        Fleet row; the ground has room for all.
    nbytes : float
        Their size [B].

    Returns
    -------
    bool
        True if they do.
    """
    if node >= w.con[0].satellites:
        return True
    return bool(w.sats[node].held_bytes + nbytes <= w.sats[node].room_bytes)


@part
def store(w: World, job: int, node: int) -> None:
    """Store the pixels of an observation that was just taken, if a satellite took it.

    Parameters
    ----------
    w : World
        Changed in place.
    job, node : int
        Rows.
    """
    if node < w.con[0].satellites:
        w.sats[node].held_bytes += w.jobs[job].raw_bytes
        w.jobs[job].holder = node


@part
def reserve(w: World, job: int, node: int) -> None:
    """Keep room for pixels that set out for another node; the ground has room for all.

    Parameters
    ----------
    w : World
        Changed in place.
    job, node : int
        Rows.
    """
    if node < w.con[0].satellites:
        w.sats[node].held_bytes += w.jobs[job].raw_bytes
        w.jobs[job].reserved = node


@part
def cancel(w: World, job: int) -> None:
    """Give up a reservation, if there is one.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    """
    if w.jobs[job].reserved >= 0:
        w.sats[w.jobs[job].reserved].held_bytes -= w.jobs[job].raw_bytes
        w.jobs[job].reserved = -1


@part
def arrive(w: World, job: int) -> None:
    """Let pixels go where they came from, and hold them where room was kept.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    """
    release(w, job)
    w.jobs[job].holder, w.jobs[job].reserved = w.jobs[job].reserved, -1


@part
def release(w: World, job: int) -> None:
    """Free what an observation's pixels take, if anything.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    """
    if w.jobs[job].holder >= 0:
        w.sats[w.jobs[job].holder].held_bytes -= w.jobs[job].raw_bytes
        w.jobs[job].holder = -1


@part
def relocate(w: World, job: int, node: int) -> None:
    """Let pixels stay on a node of their way whose next leg failed; room was looked for.

    Parameters
    ----------
    w : World
        Changed in place.
    job, node : int
        Rows.
    """
    cancel(w, job)
    reserve(w, job, node)
    arrive(w, job)

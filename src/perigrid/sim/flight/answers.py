"""What people said reaches the jobs that wait for it."""

from __future__ import annotations

from perigrid.control.dispatch.arrays import NOBODY, Ints
from perigrid.physics.compiled import kernel
from perigrid.sim.flight.queue import cancel, schedule
from perigrid.sim.flight.world import Happening, Phase, World

_ASKING, _WAITING, _DECIDE = int(Phase.ASKING), int(Phase.WAITING), int(Happening.DECIDE)


@kernel
def answered(
    w: World, jobs: Ints, t_s: float, until_s: float, span: int, place: int, receiver: int
) -> None:
    """Have the jobs of a request decided anew, now that people answered.

    Parameters
    ----------
    w : World
        Changed in place.
    jobs : (n,) int32 array
        Which; those that ended meanwhile are left alone.
    t_s : float
        Now [s].
    until_s : float
        End of what people allowed; no later than now if they refused [s].
    span, place, receiver : int
        What they allowed: span of verdicts, class of places, class of receivers.
    """
    for k in range(len(jobs)):
        job = jobs[k]
        mine = w.jobs[job]
        if mine.phase != _ASKING:
            continue
        if until_s > t_s:
            mine.granted_until_s, mine.granted_span = until_s, span
            mine.granted_place, mine.granted_receiver = place, receiver
        else:
            mine.refused = 1
        cancel(w, job)
        mine.phase, mine.stamp = _WAITING, NOBODY + 1
        schedule(w, job, t_s, _DECIDE)

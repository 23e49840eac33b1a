"""``perigrid bench schedule``: plans and bounds of a day in slots against HiGHS from scratch."""

from __future__ import annotations

from perigrid.benchmark.measure import Timing, best_of, duel
from perigrid.control.planning.bound import solve_relaxed
from perigrid.control.planning.family import family
from perigrid.control.planning.instance import Instance
from perigrid.control.planning.linear import linear_model
from perigrid.control.planning.lists import lookahead
from perigrid.control.planning.priced import price
from perigrid.control.planning.prices import prove_bound
from perigrid.control.planning.starts import possible_starts

_SEED = 100


def bench_schedule(satellites: int = 100, jobs: int = 1000) -> list[Timing]:
    """Time list schedulers and the bound by prices.

    Parameters
    ----------
    satellites, jobs : int
        Size of the instances.

    Returns
    -------
    list of Timing
        The bound beside the linear programme that HiGHS solves from scratch, on the instance with
        and without limits of memory and heat; the agreement is how far the bound by prices lies
        above the programme's, in per cent. Then two list schedulers alone.
    """
    rows = []
    for full in (False, True):
        case = family(satellites, jobs, _SEED, full=full)
        kind = ", with memory and heat" if full else ""
        rows.append(_bound(case, f"schedule bound: {satellites} x {jobs}{kind}"))
    case = family(satellites, jobs, _SEED, full=True)
    size = f"{satellites} x {jobs}"
    rows.append(Timing(f"schedule lookahead: {size}", best_of(lambda: lookahead(case), 3)[0]))
    rows.append(Timing(f"schedule price: {size}", best_of(lambda: price(case), 3)[0]))
    return rows


def _bound(case: Instance, name: str) -> Timing:
    def highs() -> float:
        return solve_relaxed(linear_model(case, possible_starts(case)))

    done = duel(lambda: prove_bound(case).bound, highs, 1)
    above = 100.0 * (done.ours - done.reference) / done.reference
    return Timing(
        name, done.ours_s, "HiGHS dual simplex", done.reference_s, agreement=above, unit="%"
    )

"""Until when a job must be computed where, so that its answer can be in time."""

from __future__ import annotations

from perigrid.control.planning.alone import EmptyNetwork
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.fleet.model import Floats


class Latest:
    """Knows the last useful ends of computing from the contacts to come.

    Notes
    -----
    Nothing is taken to be booked or away, so that no job is given up that could still be in time.
    """

    def __init__(self) -> None:
        self._networks: dict[tuple[float, frozenset[int]], EmptyNetwork] = {}

    def done_s(self, one: Ready, belief: Belief, end_s: float) -> Floats:
        """Say until when a job must be computed on each satellite.

        Parameters
        ----------
        one : Ready
            The job.
        belief : Belief
            The fleet, with places that rules close.
        end_s : float
            End of the contacts that are known [s].

        Returns
        -------
        (n_satellites,) float array
            Minus infinity where no way is left [s].
        """
        open_nodes, plan = belief.delivery_nodes(one.job), belief.plan
        mask = open_nodes.mask
        closed = frozenset() if mask.all() else plan.rows(~mask)
        nbytes = belief.sent_bytes(one.job)
        network = self._networks.get((nbytes, closed))
        if network is None:
            nodes = len(belief.fleet.names)
            network = EmptyNetwork(plan.contacts, nodes, plan.ways_out, nbytes, closed)
            self._networks[nbytes, closed] = network
        return network.latest_s(min(one.job.deadline_s, end_s))[: belief.fleet.n_satellites]

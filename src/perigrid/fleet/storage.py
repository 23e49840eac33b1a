"""Who holds whose pixels: one book for the simulator, the live twin and the decision core.

Room on the receiving satellite is reserved when pixels set out, so that what the core promised is
still there when they arrive, whatever that satellite captures meanwhile.
"""

from __future__ import annotations

from perigrid.fleet.model import Floats


class Storage:
    """Recorders of all computing satellites.

    Parameters
    ----------
    capacity_bytes : (n_satellites,) float array
        Of each satellite [B].
    held_bytes : (n_satellites,) float array
        Taken or reserved, changed in place [B].
    """

    def __init__(self, capacity_bytes: Floats, held_bytes: Floats) -> None:
        self._capacity_bytes = capacity_bytes
        self.held_bytes = held_bytes
        self._places: dict[int, tuple[int, float]] = {}
        self._reserved: dict[int, tuple[int, float]] = {}

    def has_room(self, row: int, nbytes: float) -> bool:
        """Say whether pixels would fit.

        Parameters
        ----------
        row : int
            Fleet row of a satellite.
        nbytes : float
            Their size [B].

        Returns
        -------
        bool
            Reservations count as taken.
        """
        return bool(float(self.held_bytes[row]) + nbytes <= self._capacity_bytes[row])

    def take(self, job_id: int, row: int, nbytes: float) -> None:
        """Store the pixels of an observation.

        Parameters
        ----------
        job_id, row : int
            The observation, and the fleet row of its satellite.
        nbytes : float
            Their size [B].
        """
        self.held_bytes[row] += nbytes
        self._places[job_id] = (row, nbytes)

    def reserve(self, job_id: int, row: int, nbytes: float) -> None:
        """Keep room for pixels that set out for another node.

        Parameters
        ----------
        job_id, row : int
            The observation, and the fleet row of the receiver; the ground has room for all.
        nbytes : float
            Their size [B].
        """
        if row < len(self.held_bytes):
            self.held_bytes[row] += nbytes
            self._reserved[job_id] = (row, nbytes)

    def cancel(self, job_id: int) -> None:
        """Give up a reservation, if there is one.

        Parameters
        ----------
        job_id : int
            The observation.
        """
        place = self._reserved.pop(job_id, None)
        if place is not None:
            self.held_bytes[place[0]] -= place[1]

    def arrive(self, job_id: int) -> None:
        """Let pixels go where they came from, and hold them where room was kept.

        Parameters
        ----------
        job_id : int
            The observation.
        """
        self.release(job_id)
        place = self._reserved.pop(job_id, None)
        if place is not None:
            self._places[job_id] = place

    def release(self, job_id: int) -> None:
        """Free what an observation's pixels take, if anything.

        Parameters
        ----------
        job_id : int
            The observation.
        """
        place = self._places.pop(job_id, None)
        if place is not None:
            self.held_bytes[place[0]] -= place[1]

    def relocate(self, job_id: int, row: int, nbytes: float) -> None:
        """Let pixels stay on a node of their way whose next leg failed.

        Parameters
        ----------
        job_id, row : int
            The observation, and the fleet row that holds it now; room there was looked for.
        nbytes : float
            Their size [B].
        """
        self.cancel(job_id)
        self.reserve(job_id, row, nbytes)
        self.arrive(job_id)

"""An upper bound on what a run can deliver, and what it reached beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from perigrid.base.errors import InvariantError

ROUTES: Final = "routes"
CONTACTS: Final = "contact volume"
COMPUTE: Final = "compute"
ENERGY: Final = "energy"
DEMAND: Final = "demand"

ROUNDED: Final = 1.0 + 1e-9
"""Sums over a million values are rounded."""


@dataclass(frozen=True, slots=True)
class RunBound:
    """An upper bound on what a run can deliver.

    Parameters
    ----------
    value : float
        No scheduler delivers more by the deadlines and the end of the run. Every insight counts 1,
        every right answer of a compute job its value.
    kind : str
        What cuts most: :data:`ROUTES`, :data:`CONTACTS`, :data:`COMPUTE` or :data:`ENERGY`; or of
        compute jobs :data:`DEMAND`, if all that is possible alone is possible together.
    wanted : float
        Scenes that the detector keeps, or the value of all jobs: what could be delivered if
        nothing stood in the way.
    """

    value: float
    kind: str
    wanted: float

    def beside(self, value: float) -> dict[str, Any]:
        """Put what a run reached beside it.

        Parameters
        ----------
        value : float
            Delivered by the deadlines and the end of the run.

        Returns
        -------
        dict
            Keys ``value``; ``bound`` with ``value``, ``kind`` and ``wanted``; and ``value_share``,
            None if nothing was possible.

        Raises
        ------
        InvariantError
            If more was delivered than the bound says can be.
        """
        if value > self.value * ROUNDED:
            message = f"{value} were delivered, {self.value} are possible ({self.kind})"
            raise InvariantError(message)
        return {
            "value": value,
            "bound": {"value": self.value, "kind": self.kind, "wanted": self.wanted},
            "value_share": min(1.0, value / self.value) if self.value else None,
        }

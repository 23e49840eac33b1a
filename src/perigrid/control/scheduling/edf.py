"""Earliest deadline first, on the satellite that took the scene."""

from __future__ import annotations

from perigrid.control.scheduling.built_in import BuiltIn, Plan


class Edf(BuiltIn):
    """Holds jobs back while their computer is busy, then starts the one that is due first."""

    plan = Plan.EDF
    alone = "no other place is asked"

"""First in, first out: every job is computed where it was taken, at once. Myopic on purpose."""

from __future__ import annotations

from perigrid.control.scheduling.built_in import BuiltIn, Plan


class Fifo(BuiltIn):
    """Queues each job on its own satellite and lets the hardware's protection do the rest."""

    plan = Plan.FIFO
    alone = ""

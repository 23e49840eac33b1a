"""The command line, with a kill -9 of itself at a given step of a given flight.

Called as a program: ``killed_at.py FLIGHT:STEP ARGUMENTS..``; with ``0:0`` nothing is killed. Every
due checkpoint is written, however short the flight, and what is due is asked before every step.
"""

from __future__ import annotations

import os
import signal
import sys

from perigrid.cli.main import main
from perigrid.engine.state import Count, World
from perigrid.sim import checkpoint, compiled
from perigrid.sim.compiled_checkpoint import Kept

INTERVAL_S = 900.0


def kill_at(flight: int, step: int) -> None:
    flown: list[Kept] = []
    plain = Kept.save

    def save(self: Kept, t_s: float, w: World) -> None:
        if self not in flown:
            flown.append(self)
        if (len(flown), w.counts[Count.STEP]) == (flight, step):
            os.kill(os.getpid(), signal.SIGKILL)
        plain(self, t_s, w)

    Kept.save = save


if __name__ == "__main__":
    checkpoint.SHARE = float("inf")
    checkpoint.INTERVAL_S = INTERVAL_S
    compiled.PAUSES = 1_000_000
    kill_at(*map(int, sys.argv.pop(1).split(":")))
    main()

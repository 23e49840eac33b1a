"""The command line, with a kill -9 of itself at a given step of a given flight.

Called as a program: ``killed_at.py FLIGHT:STEP ARGUMENTS..``; with ``0:0`` nothing is killed. Every
due checkpoint is written, however short the flight.
"""

from __future__ import annotations

import os
import signal
import sys

from perigrid.cli.main import main
from perigrid.sim import checkpoint
from perigrid.sim.engine import Engine

INTERVAL_S = 900.0


def kill_at(flight: int, step: int) -> None:
    flown: list[Engine] = []
    plain = Engine._begin_step

    def begin_step(self: Engine, now: int, t_from_s: float, t_to_s: float) -> None:
        if self not in flown:
            flown.append(self)
        if (len(flown), now) == (flight, step):
            os.kill(os.getpid(), signal.SIGKILL)
        plain(self, now, t_from_s, t_to_s)

    Engine._begin_step = begin_step


if __name__ == "__main__":
    checkpoint.SHARE = float("inf")
    checkpoint.INTERVAL_S = INTERVAL_S
    kill_at(*map(int, sys.argv.pop(1).split(":")))
    main()

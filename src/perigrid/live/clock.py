"""The mission clock of a live run: real time, times a speed."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    """What a live run asks of a clock."""

    def now_s(self) -> float:
        """Mission time, from any thread [s]."""
        ...

    def wait_until(self, t_s: float, wake: threading.Event | None = None) -> float:
        """Sleep until a mission time or until woken; answer the mission time then [s]."""
        ...


class WallClock:
    """Mission time 0 is when the clock is made; it never stands still and never jumps.

    Parameters
    ----------
    speed : float
        Mission seconds per second of real time [1].
    time_source_s : callable
        Real time that only goes forward [s].
    sleep_s : callable
        Sleeps for a real time, or less [s].

    Raises
    ------
    ValueError
        If ``speed`` is not a positive number.
    """

    def __init__(
        self,
        speed: float,
        *,
        time_source_s: Callable[[], float] = time.monotonic,
        sleep_s: Callable[[float], object] = time.sleep,
    ) -> None:
        if not (math.isfinite(speed) and speed > 0.0):
            raise ValueError(f"speed must be a positive number, got {speed}")
        self._speed = speed
        self._time_source_s = time_source_s
        self._sleep_s = sleep_s
        self._zero_s = time_source_s()

    def now_s(self) -> float:
        """Read the clock.

        Returns
        -------
        float
            Mission time [s].
        """
        return (self._time_source_s() - self._zero_s) * self._speed

    def wait_until(self, t_s: float, wake: threading.Event | None = None) -> float:
        """Sleep until a mission time.

        Parameters
        ----------
        t_s : float
            Mission time to wait for; a past one is answered at once [s].
        wake : threading.Event, optional
            Ends the wait as soon as it is set.

        Returns
        -------
        float
            Mission time at the end of the wait [s].
        """
        sleep_s = self._sleep_s if wake is None else wake.wait
        while (now_s := self.now_s()) < t_s and not (wake is not None and wake.is_set()):
            sleep_s((t_s - now_s) / self._speed)
        return now_s

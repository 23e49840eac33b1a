"""How a benchmark is timed and shown."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from rich.console import Console
from rich.table import Table

Answer = TypeVar("Answer")
Other = TypeVar("Other")
_BYTES_PER_KIB = 1024
_BYTES_PER_MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Timing:
    """One line of a benchmark.

    Parameters
    ----------
    name : str
        What was timed, with its size.
    ours_s : float
        Time of Perigrid, best of the repeats: processor time where a reference stands beside it,
        else wall time [s].
    reference : str
        Library it is compared with; empty if there is none.
    reference_s : float or None
        The library's time for the same work in the same process, by the same clock [s].
    demand : float or None
        Ratio that the design asks for.
    agreement : float or None
        Largest difference between both answers, in ``unit``.
    unit : str
        Of the agreement.
    cpu_s : float or None
        Processor time of all threads [s].
    peak_bytes : float or None
        Largest resident memory of the process so far [B].
    """

    name: str
    ours_s: float
    reference: str = ""
    reference_s: float | None = None
    demand: float | None = None
    agreement: float | None = None
    unit: str = ""
    cpu_s: float | None = None
    peak_bytes: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times faster than the reference."""
        return None if self.reference_s is None else self.reference_s / self.ours_s

    @property
    def short(self) -> bool:
        """Whether the ratio stays below the demand."""
        ratio = self.ratio
        return self.demand is not None and ratio is not None and ratio < self.demand

    def to_dict(self) -> dict[str, Any]:
        """Turn into JSON values.

        Returns
        -------
        dict
            Every field, and ``ratio``.
        """
        return {**asdict(self), "ratio": self.ratio}


def best_of(work: Callable[[], Answer], repeats: int) -> tuple[float, Answer]:
    """Time work, taking the quickest of several repeats: noise only ever adds.

    Parameters
    ----------
    work : callable
        Called once untimed first, so that compilation and caches do not count.
    repeats : int
        At least 1.

    Returns
    -------
    seconds : float
        Wall time [s].
    answer : object
        What the last call gave.
    """
    answer = work()
    quickest_s = float("inf")
    for _ in range(repeats):
        started_s = time.perf_counter()
        answer = work()
        quickest_s = min(quickest_s, time.perf_counter() - started_s)
    return quickest_s, answer


@dataclass(frozen=True, slots=True)
class Duel(Generic[Answer, Other]):
    """Perigrid and a reference timed in turns.

    Parameters
    ----------
    ours_s, reference_s : float
        Quickest of the repeats [s].
    ours, reference : object
        What the last calls gave.
    """

    ours_s: float
    reference_s: float
    ours: Answer
    reference: Other


def duel(
    ours: Callable[[], Answer],
    reference: Callable[[], Other],
    repeats: int = 3,
    clock: Callable[[], float] = time.process_time,
    *,
    warm_reference: bool = True,
) -> Duel[Answer, Other]:
    """Time Perigrid and a reference in turns, so that a change of the machine's pace meets both.

    Parameters
    ----------
    ours, reference : callable
        The same work. Each is called once untimed first: compilation and caches do not count.
    repeats : int
        Turns, at least 1.
    clock : callable
        Seconds; the processor time of all threads unless told otherwise.
    warm_reference : bool
        False for a reference that takes long and has nothing to compile: no untimed call.

    Returns
    -------
    Duel
        The quickest of each side.
    """
    own = ours()
    if warm_reference:
        reference()
    own_s = other_s = float("inf")
    for _ in range(repeats):
        started_s = clock()
        own = ours()
        halfway_s = clock()
        other = reference()
        own_s = min(own_s, halfway_s - started_s)
        other_s = min(other_s, clock() - halfway_s)
    return Duel(own_s, other_s, own, other)


def peak_memory_bytes() -> float:
    """Largest resident memory of this process so far.

    Returns
    -------
    float
        Size [B].
    """
    status = Path("/proc/self/status")
    if status.is_file():
        # getrusage would also count the process that this one was started from.
        (line,) = (one for one in status.read_text().splitlines() if one.startswith("VmHWM:"))
        return float(line.split()[1]) * _BYTES_PER_KIB
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # getrusage counts in KiB, on macOS in bytes.
    return float(peak if sys.platform == "darwin" else peak * _BYTES_PER_KIB)


def render(rows: Sequence[Timing]) -> str:
    """Lay timings out for the terminal.

    Parameters
    ----------
    rows : sequence of Timing
        In the order shown.

    Returns
    -------
    str
        A table as plain text; columns that no row fills are left out.
    """
    cells = [_cells(row) for row in rows]
    heads = [head for head in _cells(Timing("", 1.0)) if any(one[head] for one in cells)]
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(
            head, justify="left" if head in _TEXTS else "right", no_wrap=head not in _TEXTS
        )
    for one in cells:
        table.add_row(*(one[head] for head in heads))
    console = Console(width=160, no_color=True)
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


_TEXTS = frozenset({"benchmark", "reference"})


def _cells(row: Timing) -> dict[str, str]:
    """Every column of a row."""
    return {
        "benchmark": row.name,
        "ours": _seconds(row.ours_s),
        "CPU": _seconds(row.cpu_s),
        "peak memory": ""
        if row.peak_bytes is None
        else f"{row.peak_bytes / _BYTES_PER_MIB:.0f} MiB",
        "reference": row.reference,
        "its time": _seconds(row.reference_s),
        "ratio": "" if row.ratio is None else f"{row.ratio:.3g} x",
        "demand": ""
        if row.demand is None
        else f"{row.demand:g} x{' (short)' if row.short else ''}",
        "apart": "" if row.agreement is None else f"{row.agreement:.2g} {row.unit}",
    }


def _seconds(value_s: float | None) -> str:
    return "" if value_s is None else f"{value_s:.3g} s"

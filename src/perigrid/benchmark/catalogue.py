"""The benchmarks by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from perigrid.base.errors import InputError, Problem, WorkError
from perigrid.base.progress import Progress
from perigrid.benchmark.contactplan import bench_contactplan
from perigrid.benchmark.contacts import bench_contacts
from perigrid.benchmark.crosslinks import bench_crosslinks
from perigrid.benchmark.eclipse import bench_eclipse
from perigrid.benchmark.flows import bench_flows
from perigrid.benchmark.gate import bench_gate
from perigrid.benchmark.heat import bench_heat
from perigrid.benchmark.measure import Timing
from perigrid.benchmark.outlook import bench_outlook
from perigrid.benchmark.peer import bench_peer
from perigrid.benchmark.routes import bench_routes
from perigrid.benchmark.sgp4 import bench_sgp4
from perigrid.benchmark.stages import bench_compare

Benchmark = Callable[[Progress | None], list[Timing]]

BENCHMARKS: Final[dict[str, Benchmark]] = {
    # First, because it is timed cold.
    "compare": lambda progress: bench_compare(progress=progress),
    "sgp4": lambda _progress: bench_sgp4(),
    "contacts": lambda _progress: bench_contacts(),
    "eclipse": lambda _progress: bench_eclipse(),
    "crosslinks": lambda _progress: bench_crosslinks(),
    "contactplan": lambda _progress: bench_contactplan(),
    "heat": lambda _progress: bench_heat(),
    "outlook": lambda _progress: bench_outlook(),
    "routes": lambda _progress: bench_routes(),
    "flows": lambda _progress: bench_flows(),
    "gate": lambda _progress: bench_gate(),
    "peer": lambda _progress: bench_peer(),
}


@dataclass(frozen=True, slots=True)
class Timed:
    """What one benchmark gave.

    Parameters
    ----------
    name : str
        Of the benchmark.
    rows : list of Timing
        Its lines; none if it could not run.
    missing : str
        Why it could not, as when a library that it is compared with is not installed.
    """

    name: str
    rows: list[Timing]
    missing: str = ""


def run(names: Sequence[str] = (), progress: Progress | None = None) -> Iterator[Timed]:
    """Run benchmarks one after the other.

    Parameters
    ----------
    names : sequence of str
        Which; all if empty.
    progress : callable, optional
        Told what is going on.

    Yields
    ------
    Timed
        In the catalogue's order, as soon as each is done.

    Raises
    ------
    InputError
        If a name is unknown; nothing is run.
    WorkError
        If a benchmark that was named cannot run. Where all are run, it is passed over.
    """
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        remedy = f"choose from {', '.join(BENCHMARKS)}"
        raise InputError([Problem(f"no benchmark is called {name!r}", remedy) for name in unknown])
    for name in (name for name in BENCHMARKS if not names or name in names):
        try:
            rows = BENCHMARKS[name](progress)
        except WorkError as error:
            if names:
                raise
            yield Timed(name, [], str(error))
        else:
            yield Timed(name, rows)

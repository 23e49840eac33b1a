"""One flight of the compiled engine: fresh, or from a checkpoint, recorded part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perigrid.base.architecture import Architecture
from perigrid.base.progress import Progress
from perigrid.control.approver_model import cards_of
from perigrid.control.core.authority import People
from perigrid.control.core.build import build_core
from perigrid.control.core.outside import Host, outside_of
from perigrid.control.core.plug_in import PlugIn
from perigrid.control.core.views import telemetry_ages
from perigrid.engine.blocks import edges_of, held_j
from perigrid.engine.build import build_world, fleet_state
from perigrid.engine.decided import Arrays, Decided
from perigrid.engine.fault_table import fault_figures, fault_schedule
from perigrid.engine.feed import Feed
from perigrid.engine.fly import Advance, Pause, fly
from perigrid.engine.jobs_table import jobs_frame
from perigrid.engine.parts import PartWriter, rewind
from perigrid.engine.recorder import Recorder
from perigrid.engine.state import Count
from perigrid.engine.state import World as Flown
from perigrid.engine.tables import Words, words_pinned
from perigrid.engine.words import ColumnWords
from perigrid.fleet.model import Floats
from perigrid.fleet.network.legs import Leg, Sky
from perigrid.fleet.network.mesh import fleet_mesh
from perigrid.fleet.state import balance_error
from perigrid.ledger.comparison import Compared
from perigrid.ledger.pins import RECORDS, TABLES
from perigrid.ledger.receipts import FOLDER as RECEIPTS
from perigrid.ledger.receipts import write_logs
from perigrid.ledger.seal import LEDGER, RunLedger
from perigrid.sim.checkpoint import Checkpoint
from perigrid.sim.compiled_checkpoint import Kept, restore
from perigrid.sim.kept_run import Keep
from perigrid.sim.oversight import Oversight
from perigrid.sim.people_record import PeopleRecord
from perigrid.sim.run_files import RUN, remove
from perigrid.sim.trace import Trace
from perigrid.sim.world import World

PAUSES = 50
"""How often a flight hands over to tell how far it is, and to write a checkpoint if one is due."""


Ages = dict[str, float | int] | None


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides in a compiled flight.

    Parameters
    ----------
    advance : callable
        The loop with its decisions.
    words : Words
        What their numbers mean.
    booked_bytes : (n_contacts,) float array
        Sent over each contact, as booked [B].
    quarantines : callable
        How often a satellite was put into quarantine.
    telemetry_age_s : callable
        How old the telemetry was by which other satellites were chosen, for the summary.
    state : callable
        Shows the arrays that change of it, for a checkpoint.
    make_room : callable
        Makes them as long as those of a checkpoint.
    take_routes : callable
        Told the routes of each leg of a run with compute jobs.
    """

    advance: Advance
    words: Words
    booked_bytes: Floats
    quarantines: Callable[[], int]
    telemetry_age_s: Callable[[], Ages]
    state: Callable[[], Arrays]
    make_room: Callable[[Arrays], None]
    take_routes: Callable[[Leg], None]


Decide = Callable[[World, Architecture, PeopleRecord], Decider]
Skies = Callable[[World, Architecture], Sky]


def core_of(world: World, architecture: Architecture, people: PeopleRecord) -> Decider:
    """Make the compiled decision core of a flight.

    Parameters
    ----------
    world : World
        Under the architecture.
    architecture : Architecture
        Which.
    people : PeopleRecord
        Gets who answers for people and for a scheduler of somebody else, if they are asked.

    Returns
    -------
    Decider
        With nothing booked.
    """
    mission = world.scenario, world.fleet, world.outlook, architecture, world.jobs
    core, words, asked, _ = build_core(*mission)
    hosts: list[Host] = [] if asked is None else [asked]
    if isinstance(asked, PlugIn):
        people.plug_in = asked
    people.host = People(
        world.scenario, world.fleet, world.outlook, world.jobs, core, words,
        people.ask, people.heard, people.wanted, people.opening,
    )  # fmt: skip
    hosts.append(people.host)
    decided = Decided(core, outside_of(*hosts))
    return Decider(
        decided,
        ColumnWords(words),
        core.booked_bytes,
        lambda: int(core.con["quarantines"][0]),
        lambda: telemetry_ages(core),
        decided.state,
        decided.make_room,
        decided.take_routes,
    )


def sky_of(world: World, architecture: Architecture) -> Sky:
    """Make what works light and routes of a run out.

    Parameters
    ----------
    world : World
        With compute jobs.
    architecture : Architecture
        Which links it may use.

    Returns
    -------
    Sky
        With the run's faults.
    """
    mission = world.scenario, world.fleet
    faults = fault_schedule(*mission, world.outlook)
    return Sky(*mission, fleet_mesh(*mission, architecture), faults)


@contextmanager
def fly_compiled(
    world: World,
    architecture: Architecture,
    folder: Path,
    decide: Decide = core_of,
    *,
    keep: Keep | None = None,
    progress: Progress | None = None,
    part: Compared | None = None,
    skies: Skies = sky_of,
) -> Iterator[tuple[Trace, RunLedger]]:
    """Fly an architecture.

    Parameters
    ----------
    world : World
        Under the architecture.
    architecture : Architecture
        Which.
    folder : Path
        Run folder; gets the ledger and the tables that grow with the run.
    decide : callable, optional
        Makes the decision core.
    keep : Keep, optional
        Where checkpoints are written, and one may be found to go on from.
    progress : callable, optional
        Told a label and a share from 0 to 1.
    part : Compared, optional
        Of which comparison the run is, if of any.
    skies : callable, optional
        Makes what works light and routes of a run with compute jobs out.

    Yields
    ------
    trace : Trace
        What the flight leaves.
    ledger : RunLedger
        Open, to be sealed once all files are written.
    """
    checkpoints = None if keep is None else keep.checkpoints(architecture)
    found = None if checkpoints is None else checkpoints.newest()
    people = PeopleRecord(world)
    decider, stages = decide(world, architecture, people), world.scenario.pipeline.names
    pins = words_pinned(decider.words, stages) | ({} if part is None else part.pins())
    with _recording(world, architecture, folder, found, pins) as ledger:
        parts = _parts(folder, ledger, found)
        people.write_to(ledger.record)
        edges_s = edges_of(world.scenario, world.outlook)
        recorder = Recorder(
            parts, world.fleet, world.outlook, edges_s, stages, decider.words, people.begun
        )
        arrays = build_world(
            world.scenario, world.fleet, world.outlook, world.jobs, world.outcomes, architecture,
            Oversight(world).foreseen(),
        )  # fmt: skip
        if found is not None:
            arrays = restore(found, arrays, decider, recorder, people)
        kept = None
        if checkpoints is not None:
            kept = Kept(checkpoints, ledger.record, decider, recorder, people, found)
        pause = _pause(architecture.name, len(arrays.t_s) - 1, progress, kept)
        with _feed(world, architecture, decider, skies) as feed:
            arrays = fly(arrays, _seen_by(people, decider.advance), recorder, pause, feed)
        if (lender := people.lender) is not None:
            write_logs(folder / RECEIPTS, lender.grants, lender.receipts, lender.keys())
        yield _trace(world, architecture, arrays, decider, recorder, people), ledger


@contextmanager
def _feed(
    world: World, architecture: Architecture, decider: Decider, skies: Skies
) -> Iterator[Feed | None]:
    """Work light and routes of a run with compute jobs out ahead; others have an outlook."""
    if world.scenario.jobs is None:
        yield None
        return
    with closing(Feed(skies(world, architecture), decider.take_routes)) as feed:
        yield feed


def _seen_by(people: PeopleRecord, advance: Advance) -> Advance:
    """Show people's record what the loop works on."""

    def advance_seen(w: Flown) -> int:
        people.see(w)
        return advance(w)

    return advance_seen


@contextmanager
def _recording(
    world: World,
    architecture: Architecture,
    folder: Path,
    found: Checkpoint | None,
    pins: Mapping[str, Any],
) -> Iterator[RunLedger]:
    """Open a ledger, new or after a checkpoint."""
    if found is None:  # what is there is of a flight that never came to one
        remove(folder / LEDGER, RUN, f"{LEDGER}/")
    mark = None if found is None else found.mark
    cards, part = cards_of(world.scenario), {RECORDS: TABLES, **pins}
    ledger = RunLedger(world, architecture.name, folder, after=mark, people=cards, part=part)
    try:
        yield ledger
    finally:
        ledger.close()


def _parts(folder: Path, ledger: RunLedger, found: Checkpoint | None) -> PartWriter:
    """Write parts into a folder, of which those that came after a checkpoint are removed."""
    kept = None if found is None else rewind(folder, found.mark.length)
    return PartWriter(folder, {}, kept, ledger.record)


def _pause(name: str, steps: int, progress: Progress | None, kept: Kept | None) -> Pause | None:
    """Make what is done between two steps now and then."""
    if progress is None and kept is None:
        return None

    def pause(w: Flown) -> float:
        step, t_s = int(w.counts[Count.STEP]), w.t_s
        if progress is not None:
            progress(name, step / steps)
        if kept is not None:
            kept.save(float(t_s[step]), w)
        return float(t_s[min(step + max(steps // PAUSES, 1), steps)])

    return pause


def _trace(
    world: World,
    architecture: Architecture,
    w: Flown,
    decider: Decider,
    recorder: Recorder,
    people: PeopleRecord,
) -> Trace:
    state = fleet_state(w, world.fleet)
    return Trace(
        jobs=jobs_frame(world, w),
        telemetry=recorder.sums,
        state=state,
        booked_bytes=decider.booked_bytes,
        balance_error=balance_error(state),
        held_laser_j=held_j(w),
        architecture=architecture,
        approvals=people.figures(),
        head=recorder.parts.record.head,
        records=recorder.parts.record.length,
        faults=fault_figures(w, decider.quarantines()),
        telemetry_age_s=decider.telemetry_age_s(),
    )

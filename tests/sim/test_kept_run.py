"""Flights broken off at every kind of moment, against one that was not."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from flights import world_of
from folder_mutants import mutate
from mutants import in_time
from own_stages import own_pipeline
from perigrid.base.architecture import BENT_PIPE, HOSTED, ORBITAL, RELAY, Architecture
from perigrid.base.errors import PerigridError, RunFolderError
from perigrid.engine import build
from perigrid.engine import telemetry as telemetry_module
from perigrid.engine.state import Count
from perigrid.engine.state import World as Flown
from perigrid.ledger.record import RecordWriter
from perigrid.ledger.seal import LEDGER
from perigrid.ledger.side_store import FILE_NAME as SIDE
from perigrid.ledger.side_store import Entry, SideStore
from perigrid.sim import checkpoint, compiled, compiled_checkpoint
from perigrid.sim.compiled_checkpoint import Kept
from perigrid.sim.kept_run import Keep
from perigrid.sim.run import simulate
from perigrid.sim.world import World, build_world

SCHEDULERS = ("fifo", "lookahead", "edf", "price", "planner")


class PowerCutError(Exception):
    """Nothing of the process survives it."""


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints every half hour, parts of a few steps; what is due is asked before every step."""
    monkeypatch.setattr(checkpoint, "SHARE", float("inf"))
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 1800.0)
    monkeypatch.setattr(telemetry_module, "ROWS_HELD", 100)
    monkeypatch.setattr(compiled, "PAUSES", 1_000_000)


def cut_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    plain = Kept.save

    def save(self: Kept, t_s: float, w: Flown) -> None:
        if w.counts[Count.STEP] == step:
            raise PowerCutError
        plain(self, t_s, w)

    monkeypatch.setattr(Kept, "save", save)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        place.relative_to(folder).as_posix(): place.read_bytes()
        for place in folder.rglob("*")
        if place.is_file()
    }


def keep_in(folder: Path) -> Keep:
    (folder / "work").mkdir(exist_ok=True)
    (folder / "run").mkdir(exist_ok=True)
    return Keep(folder / "work", "key")


def broken_off(world: World, architecture: Architecture, folder: Path, step: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        cut_at(patch, step)
        with pytest.raises(PowerCutError):
            simulate(world, architecture, folder / "run", keep=keep_in(folder))


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_flight_gone_on_with_is_the_flight(world: World, tmp_path: Path, scheduler: str) -> None:
    changed = replace(world, scenario=replace(world.scenario, scheduler=scheduler))
    steps = len(world.outlook.t_s) - 1
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    simulate(changed, ORBITAL, whole)
    for step in (steps // 3, 2 * steps // 3, steps - 1):
        broken_off(changed, ORBITAL, broken, step)
    result = simulate(changed, ORBITAL, broken / "run", keep=keep_in(broken))
    assert contents(broken / "run") == contents(whole)
    assert [place.name for place in (broken / "work").iterdir()] == ["orbital.finished"]
    again = simulate(changed, ORBITAL, broken / "run", keep=keep_in(broken))
    assert again.summary == result.summary
    assert again.jobs.equals(result.jobs)


def test_an_architecture_that_shares_terminals_is_gone_on_with(
    world: World, tmp_path: Path
) -> None:
    same_when_cut(world, HOSTED, tmp_path)


def test_stages_of_its_own_are_gone_on_with(world: World, tmp_path: Path) -> None:
    """Outcomes are drawn again, and what was found before the cut still counts."""
    branched = world_of(replace(world.scenario, pipeline=own_pipeline()), world.bank)
    same_when_cut(branched, ORBITAL, tmp_path)


def same_when_cut(world: World, architecture: Architecture, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    simulate(world, architecture, whole)
    broken_off(world, architecture, broken, (len(world.outlook.t_s) - 1) // 2)
    simulate(world, architecture, broken / "run", keep=keep_in(broken))
    assert contents(broken / "run") == contents(whole)


@pytest.mark.parametrize("damage", ["newest torn", "no checkpoint yet"])
def test_with_less_to_go_on_from_it_is_still_the_flight(
    world: World, tmp_path: Path, damage: str
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    simulate(world, RELAY, whole)
    step = 5 if damage == "no checkpoint yet" else (len(world.outlook.t_s) - 1) // 2
    broken_off(world, RELAY, broken, step)
    places = sorted((broken / "work" / "relay").glob("*.checkpoint"))
    assert len(places) == (0 if step == 5 else 2)
    for place in places[1:]:
        place.write_bytes(place.read_bytes()[:-100])
    simulate(world, RELAY, broken / "run", keep=keep_in(broken))
    assert contents(broken / "run") == contents(whole)


def test_a_record_that_was_altered_is_refused(world: World, tmp_path: Path) -> None:
    broken_off(world, RELAY, tmp_path, (len(world.outlook.t_s) - 1) // 2)
    place = tmp_path / "run" / "ledger" / "record.jsonl"
    content = bytearray(place.read_bytes())
    content[200] ^= 1
    place.write_bytes(content)
    with pytest.raises(RunFolderError, match="hash chain breaks"):
        simulate(world, RELAY, tmp_path / "run", keep=keep_in(tmp_path))
    assert place.read_bytes() == content


def test_a_finished_part_that_was_altered_is_refused(world: World, tmp_path: Path) -> None:
    keep = keep_in(tmp_path)
    simulate(world, RELAY, tmp_path / "run", keep=keep)
    place = tmp_path / "run" / "summary.json"
    place.write_text(place.read_text().replace('"relay"', '"onboard"'))
    with pytest.raises(RunFolderError, match="was altered"):
        simulate(world, RELAY, tmp_path / "run", keep=keep)


def test_erasing_people_lets_a_finished_part_be_gone_on_with(tmp_path: Path) -> None:
    part, keep = tmp_path / "part", keep_in(tmp_path)
    record, side = RecordWriter(part / LEDGER), SideStore(part / LEDGER)
    record.pins({"people": {"key": side.put({"name": "ada"})}})
    record.close()
    keep.finish(RELAY, part)
    (entry,) = side.entries()
    side.erase(entry.commitment)
    assert keep.is_finished(RELAY, part)
    place = part / LEDGER / SIDE
    place.write_text(f"{Entry(entry.commitment, 'eve', entry.salt).line()}\n")
    with pytest.raises(RunFolderError, match="told of people was altered"):
        keep.is_finished(RELAY, part)
    place.unlink()
    with pytest.raises(RunFolderError, match="removed, not erased"):
        keep.is_finished(RELAY, part)


def test_what_was_computed_from_other_inputs_is_refused(world: World, tmp_path: Path) -> None:
    keep = keep_in(tmp_path)
    simulate(world, RELAY, tmp_path / "run", keep=keep)
    with pytest.raises(RunFolderError, match="other inputs"):
        simulate(world, RELAY, tmp_path / "run", keep=replace(keep, key="new"))


def test_a_checkpoint_of_another_architecture_is_refused(world: World, tmp_path: Path) -> None:
    broken_off(world, RELAY, tmp_path, (len(world.outlook.t_s) - 1) // 2)
    (tmp_path / "work" / "relay").rename(tmp_path / "work" / "orbital")
    with pytest.raises(RunFolderError, match="belongs to another run"):
        simulate(world, ORBITAL, tmp_path / "run", keep=keep_in(tmp_path))


def test_a_state_laid_out_otherwise_is_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has the key could write it; what would lead compiled code astray is not flown."""
    broken_off(world, RELAY, tmp_path, (len(world.outlook.t_s) - 1) // 3)
    read = compiled_checkpoint.deserialise

    def otherwise(*given: Any) -> dict[str, Any]:
        return read(*given) | {"sats": np.zeros(3)}

    monkeypatch.setattr(compiled_checkpoint, "deserialise", otherwise)
    with pytest.raises(RunFolderError, match=r"checkpoint is refused: .*laid out otherwise"):
        simulate(world, RELAY, tmp_path / "run", keep=keep_in(tmp_path))


def test_checkpoints_do_not_grow_with_what_is_on_the_disk(world: World, tmp_path: Path) -> None:
    keep = keep_in(tmp_path)
    sizes = []
    world = build_world(replace(world.scenario, duration_s=2.5 * world.scenario.duration_s))
    plain = checkpoint.Checkpoints.save

    def save(self: Any, t_s: float, mark: Any, frozen: Any) -> bool:
        sizes.append((mark.nbytes, sum(map(len, frozen))))
        return plain(self, t_s, mark, frozen)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoint.Checkpoints, "save", save)
        patch.setattr(build, "LOG_ROWS", 64)
        simulate(world, BENT_PIPE, tmp_path / "run", keep=keep)
    written, frozen = zip(*sizes, strict=True)
    assert len(sizes) > 5
    assert written[-1] > 4 * written[0]
    assert max(frozen) > 1.1 * frozen[0]
    # Kept all along they would take four tenths more by the end.
    assert max(frozen) < 1.2 * frozen[0], "rows that are in a part are kept no more"


def gone_on_with(world: World, base: Path, whole: dict[str, bytes], place: Path, seed: int) -> str:
    """Change something of a flight that was broken off, and go on with it."""
    shutil.copytree(base, place)
    said = mutate(place, random.Random(seed))
    try:
        with in_time():
            simulate(world, RELAY, place / "run", keep=Keep(place / "work", "key"))
    except PerigridError:
        return "refused"
    except (IsADirectoryError, FileExistsError, NotADirectoryError):
        # A folder where a file is to be written: the command says so with its path.
        return "refused"
    except BaseException as error:
        raise AssertionError(f"seed {seed}: {said}: {error!r}") from error
    assert contents(place / "run") == whole, f"seed {seed}: {said}"
    return "the same"


@pytest.mark.parametrize(
    "seeds", [range(8), *(pytest.param(range(n, n + 250), marks=pytest.mark.slow)
                          for n in range(1000, 3000, 250))]
)  # fmt: skip
def test_mutants_of_a_broken_off_flight_end_as_the_flight_or_are_refused(
    world: World, tmp_path: Path, seeds: range
) -> None:
    base, flown = tmp_path / "base", tmp_path / "whole"
    base.mkdir()
    flown.mkdir()
    simulate(world, RELAY, flown)
    broken_off(world, RELAY, base, (len(world.outlook.t_s) - 1) // 2)
    whole = contents(flown)
    ends = {gone_on_with(world, base, whole, tmp_path / f"{n}", n) for n in seeds}
    assert ends == {"refused", "the same"}

from pathlib import Path

import pytest

from flights import world_of
from missions import SCENARIO
from perigrid.base.errors import RunFolderError
from perigrid.ledger.record import RecordMark
from perigrid.sim.checkpoint import Checkpoints, source_digest, world_digest
from perigrid.sim.world import World

MARK = RecordMark(3, 100, "head")


def three(folder: Path, key: str = "key") -> Checkpoints:
    """Write three checkpoints; two stay."""
    checkpoints = Checkpoints(folder, key)
    for hour in (2, 4, 6):
        checkpoints.save(hour * 3600.0, MARK, b"state at %d h" % hour)
    return checkpoints


def test_the_last_two_stay_and_the_newest_is_read(tmp_path: Path) -> None:
    found = three(tmp_path).newest()
    assert found is not None
    assert (found.t_s, found.mark, found.frozen) == (21_600.0, MARK, b"state at 6 h")
    assert len(list(tmp_path.iterdir())) == 2
    assert Checkpoints(tmp_path / "none", "key").newest() is None


@pytest.mark.parametrize("where", [0, 30, 120, -1])
def test_a_flipped_byte_falls_back_to_the_one_before(tmp_path: Path, where: int) -> None:
    three(tmp_path)
    newest = max(tmp_path.iterdir())
    content = bytearray(newest.read_bytes())
    content[where] ^= 1
    newest.write_bytes(content)
    said: list[str] = []
    found = Checkpoints(tmp_path, "key", said.append).newest()
    assert found is not None
    assert found.frozen == b"state at 4 h"
    assert "is damaged" in said[0]


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    three(tmp_path)
    older, newest = sorted(tmp_path.iterdir())
    content = newest.read_bytes()
    for length in range(len(content)):
        newest.write_bytes(content[:length])
        found = Checkpoints(tmp_path, "key").newest()
        assert found is not None
        assert found.frozen == b"state at 4 h"
    older.write_bytes(b"")
    with pytest.raises(RunFolderError, match="no checkpoint is whole"):
        Checkpoints(tmp_path, "key").newest()


def test_a_checkpoint_of_other_inputs_is_refused_and_stays(tmp_path: Path) -> None:
    three(tmp_path)
    with pytest.raises(RunFolderError, match="belongs to another run"):
        Checkpoints(tmp_path, "other").newest()
    assert len(list(tmp_path.iterdir())) == 2


def test_the_digest_of_a_world_knows_its_observations(world: World) -> None:
    again = world_of(world.scenario, world.bank)
    assert world_digest(again) == world_digest(world)
    assert world_digest(world_of(SCENARIO, world.bank)) != world_digest(world)


def test_the_program_has_one_digest() -> None:
    assert source_digest() == source_digest()
    assert len(bytes.fromhex(source_digest())) == 32

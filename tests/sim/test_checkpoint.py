import hashlib
import os
from pathlib import Path

import pytest

from flights import world_of
from missions import SCENARIO
from perigrid.base.errors import RunFolderError
from perigrid.ledger.record import RecordMark
from perigrid.sim.checkpoint import MAGIC, Checkpoints, source_digest, world_digest
from perigrid.sim.world import World

MARK = RecordMark(3, 100, "head")


def three(folder: Path, key: str = "key") -> Checkpoints:
    """Write three checkpoints; two stay."""
    checkpoints = Checkpoints(folder, key)
    for hour in (2, 4, 6):
        checkpoints.save(hour * 3600.0, MARK, [b"state ", b"at %d h" % hour])
    return checkpoints


def test_the_last_two_stay_and_the_newest_is_read(tmp_path: Path) -> None:
    found = three(tmp_path).newest()
    assert found is not None
    assert (found.t_s, found.mark, bytes(found.frozen)) == (21_600.0, MARK, b"state at 6 h")
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
    assert bytes(found.frozen) == b"state at 4 h"
    assert "is damaged" in said[0]


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    three(tmp_path)
    older, newest = sorted(tmp_path.iterdir())
    content = newest.read_bytes()
    for length in range(len(content)):
        newest.write_bytes(content[:length])
        found = Checkpoints(tmp_path, "key").newest()
        assert found is not None
        assert bytes(found.frozen) == b"state at 4 h"
    older.write_bytes(b"")
    with pytest.raises(RunFolderError, match="no checkpoint is whole"):
        Checkpoints(tmp_path, "key").newest()


def test_a_checkpoint_of_other_inputs_is_refused_and_stays(tmp_path: Path) -> None:
    three(tmp_path)
    with pytest.raises(RunFolderError, match="belongs to another run"):
        Checkpoints(tmp_path, "other").newest()
    assert len(list(tmp_path.iterdir())) == 2


def forged(place: Path, state: bytes) -> None:
    """Write another state, with every digest that a stranger can make."""
    content = place.read_bytes()
    _, line, _ = content.split(b"\n", 2)
    body = line + b"\n" + state
    code = hashlib.sha256(body).hexdigest().encode()
    place.write_bytes(MAGIC + code + b"\n" + body)


def test_a_forged_checkpoint_is_not_read(tmp_path: Path) -> None:
    three(tmp_path)
    for place in tmp_path.iterdir():
        forged(place, b"a state that leads compiled code astray")
    with pytest.raises(RunFolderError, match="no checkpoint is whole"):
        Checkpoints(tmp_path, "key").newest()


def test_another_users_checkpoint_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    three(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(RunFolderError, match="another user or on another machine") as caught:
        Checkpoints(tmp_path, "key").newest()
    assert "elsewhere/perigrid/checkpoint.key" in caught.value.problems[0].remedy


def test_without_a_place_for_the_key_there_are_no_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    said: list[str] = []
    assert not Checkpoints(tmp_path, "key", said.append).save(7200.0, MARK, [b"state"])
    assert "cannot be resumed: there is no key for checkpoints" in said[0]
    assert [place.name for place in tmp_path.iterdir()] == ["file"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    three(tmp_path)
    newest = max(tmp_path.iterdir())
    newest.unlink()
    os.mkfifo(newest)
    found = Checkpoints(tmp_path, "key").newest()
    assert found is not None
    assert found.t_s == 14_400.0


def test_the_digest_of_a_world_knows_its_observations(world: World) -> None:
    again = world_of(world.scenario, world.bank)
    assert world_digest(again) == world_digest(world)
    assert world_digest(world_of(SCENARIO, world.bank)) != world_digest(world)


def test_the_program_has_one_digest() -> None:
    assert source_digest() == source_digest()
    assert len(bytes.fromhex(source_digest())) == 32

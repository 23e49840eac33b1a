"""The key that only its owner has."""

from pathlib import Path

import pytest

from perigrid.sim.checkpoint_key import key_place, user_key


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def test_the_key_is_made_once_and_for_its_owner(state: Path) -> None:
    key = user_key()
    assert len(key) == 32
    assert user_key() == key
    assert key_place().stat().st_mode & 0o777 == 0o600
    assert [place.name for place in key_place().parent.iterdir()] == ["checkpoint.key"]


def test_of_two_that_make_it_at_once_one_does(state: Path) -> None:
    def slow(count: int) -> bytes:
        if count == 32 and not key_place().exists():
            user_key()  # another process, in the meantime
        return bytes(count)

    assert user_key(slow) != bytes(32)
    assert len(list(key_place().parent.iterdir())) == 1


@pytest.mark.parametrize("spoil", ["open", "cut", "link"])
def test_a_key_that_is_not_ours_alone_is_refused(state: Path, spoil: str) -> None:
    user_key()
    place = key_place()
    if spoil == "open":
        place.chmod(0o644)
    elif spoil == "cut":
        place.write_bytes(b"short")
    else:
        place.rename(state / "elsewhere")
        place.symlink_to(state / "elsewhere")
    with pytest.raises(OSError, match=r"others may|no key|symbolic"):
        user_key()


def test_the_state_is_in_the_users_home_if_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for given in ("", "relative/to/nothing"):
        monkeypatch.setenv("XDG_STATE_HOME", given)
        assert key_place() == tmp_path / ".local/state/perigrid/checkpoint.key"

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.errors import InputError
from perigrid.live.people import (
    PEOPLE,
    new_person,
    private_file,
    private_key,
    read_people,
    roster_from,
)


def test_a_key_is_private_listed_and_never_overwritten(tmp_path):
    folder = tmp_path / "keys"
    chief = new_person(folder, "chief", "flight-director")
    new_person(folder, "ops", "safety-officer")
    assert [(one.name, one.role) for one in read_people(folder)] == [
        ("chief", "flight-director"),
        ("ops", "safety-officer"),
    ]
    place = private_file(folder, "chief")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert "PRIVATE" not in (folder / PEOPLE).read_text()
    before = place.read_bytes()
    with pytest.raises(InputError, match="never overwritten"):
        new_person(folder, "chief", "flight-director")
    assert place.read_bytes() == before
    assert len(read_people(folder)) == 2
    key, role = private_key(folder, "chief")
    assert (key.verify_key, role) == (chief.key, "flight-director")
    roster = roster_from(read_people(folder))
    assert roster.find(chief.key.signer_id)[0].roles == ("flight-director",)


@pytest.mark.parametrize(
    ("name", "role"), [("a b", "r"), ("../x", "r"), ("", "r"), ("a", "r s"), ("a+b", "r")]
)
def test_names_that_will_not_do(tmp_path, name, role):
    with pytest.raises(InputError, match="is no"):
        new_person(tmp_path / "keys", name, role)
    assert not (tmp_path / "keys").exists()


def test_a_missing_or_swapped_key_is_refused(tmp_path):
    with pytest.raises(InputError, match="no keys here"):
        read_people(tmp_path)
    new_person(tmp_path, "chief", "r")
    new_person(tmp_path / "other", "chief", "r")
    with pytest.raises(InputError, match="has no key"):
        private_key(tmp_path, "nobody")
    private_file(tmp_path, "chief").unlink()
    private_file(tmp_path / "other", "chief").rename(private_file(tmp_path, "chief"))
    with pytest.raises(InputError, match="not the one in the list"):
        private_key(tmp_path, "chief")


@given(st.binary(max_size=120))
def test_a_list_of_rubbish_is_refused(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("keys")
    (folder / PEOPLE).write_bytes(content)
    try:
        assert read_people(folder) == ()
    except InputError:
        return
    assert all(not line.strip() or line.startswith("#") for line in content.decode().split("\n"))

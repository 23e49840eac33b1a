import pytest

from perigrid.base.errors import InputError
from perigrid.live.notices import CLOCK, NODES, Notices


def test_what_was_told_last_is_read(tmp_path):
    notices = Notices(tmp_path)
    for t_s in (10.0, 20.5):
        notices.tell_time(t_s, {"scenario": "s", "run": "r"})
    notices.tell_nodes(["A", "B"])
    assert notices.now() == (20.5, {"scenario": "s", "run": "r"})
    assert notices.nodes() == ("A", "B")


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"[]",
        b"{}",
        b'{"t_s": "soon", "context": {}}',
        b'{"t_s": NaN, "context": {}}',
        b"7",
    ],
)
def test_what_was_not_told_or_spoilt_is_no_time(tmp_path, content):
    if content is not None:
        (tmp_path / CLOCK).write_bytes(content)
    with pytest.raises(InputError, match="told no time yet"):
        Notices(tmp_path).now()


@pytest.mark.parametrize("content", [None, b"", b"7", b"null"])
def test_spoilt_names_are_none(tmp_path, content):
    if content is not None:
        (tmp_path / NODES).write_bytes(content)
    assert Notices(tmp_path).nodes() == ()

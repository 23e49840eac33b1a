import os

import pytest

from perigrid.base.errors import InputError
from perigrid.live.notices import CLOCK, NODES, Notices, run_name


def test_what_was_told_last_is_read(tmp_path):
    notices = Notices(tmp_path)
    run = run_name("r", ["A", "B"])
    for t_s in (10.0, 20.5):
        notices.tell_time(t_s, {"scenario": "s", "run": run})
    notices.tell_nodes(["A", "B"])
    assert notices.now() == (20.5, {"scenario": "s", "run": run})
    assert notices.nodes() == ("A", "B")


@pytest.mark.parametrize("names", [["B", "A"], ["A"], ["A", "B", "C"], []])
def test_names_that_the_run_was_not_named_for_are_none(tmp_path, names):
    notices = Notices(tmp_path)
    notices.tell_time(1.0, {"run": run_name("r", ["A", "B"])})
    notices.tell_nodes(names)
    assert notices.nodes() == ()


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
        b"[" * 100_000,
        b'{"context":' * 20_000,
        b" " * 2_000_000 + b'{"context": {}, "t_s": 1.0}',
    ],
)
def test_what_was_not_told_or_spoilt_is_no_time(tmp_path, content):
    if content is not None:
        (tmp_path / CLOCK).write_bytes(content)
    with pytest.raises(InputError, match="told no time yet"):
        Notices(tmp_path).now()


@pytest.mark.parametrize("content", [None, b"", b"7", b"null", b"[" * 100_000])
def test_spoilt_names_are_none(tmp_path, content):
    if content is not None:
        (tmp_path / NODES).write_bytes(content)
    assert Notices(tmp_path).nodes() == ()


@pytest.mark.parametrize("name", [CLOCK, NODES])
def test_pipes_and_links_are_not_read(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert Notices(tmp_path).nodes() == ()
    with pytest.raises(InputError, match="told no time yet"):
        Notices(tmp_path).now()
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to("/dev/zero")
    assert Notices(tmp_path).nodes() == ()
    with pytest.raises(InputError, match="told no time yet"):
        Notices(tmp_path).now()

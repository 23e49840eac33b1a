"""Reading files that may be anything."""

from __future__ import annotations

import os

import pytest

from perigrid.base.errors import ElementSetError, ScenarioError
from perigrid.scenario.files import read_text


def test_text_comes_without_mark_and_with_unix_line_ends(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert read_text(path, "x", 100, ScenarioError) == "a\nb\nc\n"


def test_size_is_looked_at_before_reading(tmp_path, monkeypatch):
    path = tmp_path / "big"
    with path.open("wb") as stream:
        stream.truncate(2_000_000_000)  # sparse: takes no room
    monkeypatch.setattr(type(path), "open", None)
    with pytest.raises(ElementSetError, match=r"has 2000\.0 MB; at most 1 MB"):
        read_text(path, "big", 1_000_000, ElementSetError)


def test_the_first_wrong_byte_is_pointed_at(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"ab\ncd\xff")
    with pytest.raises(ScenarioError) as caught:
        read_text(path, "x", 100, ScenarioError)
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 3)


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").write_text(" \n")
    for name, words in (("none", "no such file"), (".", "directory"), ("pipe", "regular"),
                        ("empty", "is empty"), ("a\0b", "cannot be read|no such")):  # fmt: skip
        with pytest.raises(ScenarioError, match=words):
            read_text(tmp_path / name, name, 100, ScenarioError)


def test_a_link_in_a_circle(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(ScenarioError):
        read_text(tmp_path / "a", "a", 100, ScenarioError)

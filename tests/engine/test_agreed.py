"""Flights are what they were when two engines agreed on them, and rules tell in them."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from flights import table
from perigrid.sim.run import simulate
from tests.engine.agreed import AGREED, RULED, TIMED, cases, digests_in

BEYOND = "who held it"
"""The rule that tells only where answers may go anywhere: control/core/test_handle.py flies it."""


def refuses(folder: Path) -> bool:
    """Tell whether any rule closed a way, refused an action or put one off."""
    actions = table(folder, "actions")
    texts = actions["reason"].to_list()
    if list(folder.glob("others*")):
        texts += table(folder, "others")["why"].to_list()
    closed = any("closed by" in one or "a rule closes" in one for one in texts)
    return closed or bool((actions["verdict"] == "deny").any())


@pytest.mark.parametrize("nth", [pytest.param(1, marks=pytest.mark.slow), 3])
def test_flights_are_what_was_agreed_on(nth: int) -> None:
    known = json.loads(AGREED.read_text(encoding="utf-8"))
    found, ruled = {}, set()
    for case in islice(cases(), None, None, nth):
        with TemporaryDirectory() as place:
            simulate(case.world, case.architecture, Path(place))
            found[case.name] = digests_in(Path(place))
            if refuses(Path(place)):
                ruled.add(case.name.rpartition(": ")[0])
    assert {name: found[name] for name in found if found[name] != known.get(name)} == {}
    assert list(found) == list(known)[::nth]
    if nth == 1:
        assert {*RULED, *TIMED} - {"people are asked", BEYOND} - ruled == set()

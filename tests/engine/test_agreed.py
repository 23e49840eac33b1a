"""Flights are what they were when two engines agreed on them."""

from __future__ import annotations

import json

from tests.engine.agreed import AGREED, cases, digests


def test_flights_are_what_was_agreed_on() -> None:
    known = json.loads(AGREED.read_text(encoding="utf-8"))
    found = {case.name: digests(case) for case in cases()}
    assert {name: found[name] for name in found if found[name] != known.get(name)} == {}
    assert list(found) == list(known)

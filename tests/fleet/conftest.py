"""The small mission, for every test of this floor."""

from __future__ import annotations

import pytest

from missions import SCENARIO
from perigrid.scenario.model import Scenario


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return SCENARIO

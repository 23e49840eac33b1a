from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from approval_cases import Flight


@pytest.fixture
def fly(tmp_path: Path) -> Iterator[Callable[..., Flight]]:
    """Start a flight with its record; the record is closed at the end."""
    flights: list[Flight] = []

    def start(*arguments: object) -> Flight:
        flights.append(Flight(tmp_path, *arguments))
        return flights[-1]

    yield start
    for one in flights:
        one.close()

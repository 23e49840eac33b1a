"""A fingerprint of what a scenario says, independent of how its file is written or where it is."""

from __future__ import annotations

import dataclasses
import hashlib
import json

from perigrid.scenario.model import Scenario
from perigrid.scenario.pseudonyms import pseudonymous

_NOT_CONTENT = (
    "source_path", "digest", "provenance", "warnings", "flight_warnings", "node_places",
)  # fmt: skip


def scenario_digest(scenario: Scenario) -> str:
    """Compute the SHA-256 of the canonical JSON of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Its ``source_path``, ``digest``, ``provenance`` and ``warnings`` do not count, nor do the
        names and words of people.

    Returns
    -------
    str
        64 hexadecimal digits.

    Notes
    -----
    Canonical form: SI values as the simulation sees them, keys sorted, no blanks, shortest decimal
    that reads back as the same double, UTF-8. Element sets and requests count by content, so a
    file and the same figures written inline have one digest.
    """
    content = dataclasses.asdict(pseudonymous(scenario))
    for key in _NOT_CONTENT:
        del content[key]
    canonical = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()

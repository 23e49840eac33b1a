"""Schema of what is known of the Earth's rotation."""

from __future__ import annotations

from pydantic import Field

from perigrid.scenario.schema.fields import Section


class EarthOrientationFile(Section):
    """Observed UT1 and pole; without it UTC stands for UT1 and the pole stands still."""

    file: str = Field(
        min_length=1, description="IERS finals2000A, relative to this file; must cover the run."
    )

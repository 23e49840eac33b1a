"""Work that is alike on every computer, so that times and energies are known."""

from __future__ import annotations

import pytest

from perigrid.control.work_times import SceneWork, WorkTimes

SCREEN_S, CLASSIFY_S, POWER_W = 50.0, 0.0, 360.0


@pytest.fixture(autouse=True)
def work(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Times of the stages on every computer, to be changed before a controller is made [s]."""
    stage_s = {"screen": SCREEN_S, "classify": CLASSIFY_S}

    def worked_out(works: WorkTimes, node: int, area_m2: float) -> SceneWork:
        bare = works._fleet.computer(node) is None
        times_s = {name: 0.0 if bare else one for name, one in stage_s.items()}
        return SceneWork(times_s, {k: POWER_W * one for k, one in times_s.items()}, ("screen",))

    monkeypatch.setattr(WorkTimes, "_worked_out", worked_out)
    return stage_s

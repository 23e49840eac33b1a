import pytest
from pydantic import ValidationError

from perigrid.scenario.schema.faults import FaultsSpec, RecoverySpec


def test_nothing_fails_unless_it_is_asked_for() -> None:
    spec = FaultsSpec.model_validate({})
    times = [name for name in FaultsSpec.model_fields if name.endswith("_every_hours")]
    assert len(times) == 5
    assert all(getattr(spec, name) == 0.0 for name in times)
    assert spec.acquisition_failure_share == 0.0
    assert not spec.from_radiation


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (FaultsSpec, {"crash_every_hours": -1.0}),
        (FaultsSpec, {"crash_minutes": 0.0}),
        (FaultsSpec, {"detected_share": 1.5}),
        (RecoverySpec, {"checkpoints": "often"}),
        (RecoverySpec, {"retries": 1.5}),
    ],
)
def test_what_cannot_be_is_refused(kind: type, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(wrong)

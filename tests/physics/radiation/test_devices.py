import pytest

from perigrid.base.errors import InputError
from perigrid.base.provenance import CONFIDENCES
from perigrid.physics.radiation.devices import DEVICES, TPU_V6E, FaultClass, device_named


@pytest.mark.parametrize("device", DEVICES.values(), ids=list(DEVICES))
def test_every_figure_has_a_range_and_an_origin(device):
    assert len(device.sensitivities) == len(FaultClass)
    for sensitivity in device.sensitivities:
        assert sensitivity.per in {"dose", "fluence"}
        assert 0.0 <= sensitivity.low <= sensitivity.value <= sensitivity.high
        assert sensitivity.source
        assert sensitivity.date
        assert sensitivity.confidence in CONFIDENCES
        if sensitivity.confidence == "assumed":
            assert sensitivity.high >= 10.0 * sensitivity.value


def test_published_figures_of_the_tpu():
    rad_per_event = [100.0 / one.value if one.value else None for one in TPU_V6E.sensitivities]
    assert rad_per_event[FaultClass.UNCORRECTABLE] == pytest.approx(44.0)
    assert rad_per_event[FaultClass.INTERRUPT] == pytest.approx(5000.0)
    silent = TPU_V6E.sensitivities[FaultClass.SILENT]
    assert 100.0 / silent.high == pytest.approx(14.4)
    assert 100.0 / silent.low == pytest.approx(20.0)
    # None in 15 krad: three expected there would have shown with 95 %.
    assert TPU_V6E.sensitivities[FaultClass.LATCH_UP].high * 150.0 == pytest.approx(3.0)


def test_an_unknown_device_is_a_mistake_of_the_user():
    assert device_named("tpu-v6e") is TPU_V6E
    with pytest.raises(InputError, match="one of: tpu-v6e"):
        device_named("abacus")

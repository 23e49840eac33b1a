"""Schema of compute jobs."""

import pytest
from pydantic import ValidationError

from perigrid.scenario.schema.fields import number_info
from perigrid.scenario.schema.jobs import JobsSpec


def test_every_number_has_a_unit_and_an_origin():
    for name, field in JobsSpec.model_fields.items():
        info = number_info(field)
        if info is not None:
            assert info.origin is not None, name
            assert info.origin.source, name


@pytest.mark.parametrize("wrong", [{"count": 0}, {"models": 65}, {"origin": "moon"}, {"x": 1}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValidationError):
        JobsSpec.model_validate(wrong)

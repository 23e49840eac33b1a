import pytest

from perigrid.base.errors import RunFolderError
from perigrid.report.terms import TERMS, workload_of


def test_a_record_that_names_nothing_is_of_observations():
    assert workload_of({}) == "imagery"
    assert TERMS[workload_of({})].jobs == "observations"


def test_a_workload_is_one_that_is_known():
    assert TERMS[workload_of({"workload": "batch"})].answers == "answers"
    for other in ("dreams", None, ["batch"], 3):
        with pytest.raises(RunFolderError, match="not imagery or batch"):
            workload_of({"workload": other})

"""Jobs as columns: as a list of objects would be."""

from __future__ import annotations

import numpy as np
import pytest

from perigrid.base.job_table import JobTable, column_of
from perigrid.base.jobs import Job


def _table() -> JobTable:
    names = ("t_capture_s", "deadline_s", "raw_bytes", "area_m2", "latitude_rad", "longitude_rad")
    columns = {name: np.arange(3) + 10.0 * place for place, name in enumerate(names)}
    return JobTable({**columns, "origin": np.array([7, 8, 9]), "value": np.array([1.0, 2.0, 3.0])})


def test_a_row_is_a_job_with_defaults_for_what_is_the_same_for_all() -> None:
    assert _table()[1] == Job(1, 8, 1.0, 11.0, 21.0, 31.0, 41.0, 51.0, 0, 0, value=2.0)
    assert _table()[-1].origin == 9


def test_rows_and_slices_are_those_of_a_list() -> None:
    table = _table()
    assert list(table) == [table[0], table[1], table[2]] == list(table[:])
    assert table[1:] == [table[1], table[2]]
    with pytest.raises(IndexError):
        table[3]


@pytest.mark.parametrize("name", ["job_id", "origin", "user", "data_class", "scene", "value"])
def test_columns_are_those_of_the_objects(name: str) -> None:
    table = _table()
    assert column_of(table, name).tolist() == [getattr(job, name) for job in table]
    assert column_of(list(table), name).tolist() == column_of(table, name).tolist()


def test_what_is_no_field_of_a_job_is_refused() -> None:
    with pytest.raises(ValueError, match="columns"):
        JobTable({"origin": np.zeros(1)})


def test_columns_of_no_jobs_have_their_kinds():
    assert column_of([], "user").dtype == np.int64
    assert column_of([], "value").dtype == np.float64

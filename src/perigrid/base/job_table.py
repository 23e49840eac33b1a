"""Many jobs as columns: a million of them as objects would take a gigabyte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

from perigrid.base.jobs import Job

_FIELDS: Final = {one.name: one for one in fields(Job)}
_GIVEN: Final = frozenset(
    {"origin", "t_capture_s", "deadline_s", "raw_bytes", "area_m2", "latitude_rad", "longitude_rad"}
)
_KINDS: Final = {"int": np.int64, "float": np.float64}
_LEFT_OUT: Final = {"target": 0, "scene": 0}


class JobTable(Sequence[Job]):
    """Jobs numbered from 0, each made when it is asked for.

    Parameters
    ----------
    columns : mapping of str to (n_jobs,) array
        Fields of :class:`perigrid.base.jobs.Job`; one that is left out is the same for all.

    Raises
    ------
    ValueError
        If a column that every job needs is missing, or one is none of a job's fields.
    """

    def __init__(self, columns: Mapping[str, npt.NDArray[Any]]) -> None:
        if not _GIVEN <= set(columns) <= set(_FIELDS) - {"job_id"}:
            raise ValueError("columns are not those of jobs")
        self._columns = dict(columns)
        self._count = len(columns["origin"])

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, row: int) -> Job: ...

    @overload
    def __getitem__(self, row: slice) -> Sequence[Job]: ...

    def __getitem__(self, row: int | slice) -> Job | Sequence[Job]:
        """Make a job, or a list of some."""
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(self._count))]
        number = range(self._count)[row]
        values = {name: column[number].item() for name, column in self._columns.items()}
        return Job(job_id=number, **{**_LEFT_OUT, **values})

    def __iter__(self) -> Iterator[Job]:
        return map(self.__getitem__, range(self._count))

    def column(self, name: str) -> npt.NDArray[Any]:
        """Give a field of all jobs.

        Parameters
        ----------
        name : str
            Of :class:`perigrid.base.jobs.Job`.

        Returns
        -------
        (n_jobs,) array
            Not to be written to.
        """
        if name in self._columns:
            return self._columns[name]
        if name == "job_id":
            return np.arange(self._count)
        default = _FIELDS[name].default
        return np.full(self._count, _LEFT_OUT.get(name) if default is MISSING else default)


def column_of(jobs: Sequence[Job], name: str) -> npt.NDArray[Any]:
    """Give a field of jobs, however they are held.

    Parameters
    ----------
    jobs : sequence of Job
        A table, or objects.
    name : str
        Of :class:`perigrid.base.jobs.Job`.

    Returns
    -------
    (n_jobs,) array
        Not to be written to.
    """
    if isinstance(jobs, JobTable):
        return jobs.column(name)
    return np.array([getattr(job, name) for job in jobs], dtype=_KINDS.get(str(_FIELDS[name].type)))

"""Making sense of run folders that somebody else may have made: types first, then values."""

from __future__ import annotations

import io
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from perigrid.base.errors import Problem, RunFolderError
from perigrid.ledger.leaf import RECORD, parse_line
from perigrid.ledger.pins import RECORDS, TABLES
from perigrid.ledger.regular import open_regular
from perigrid.ledger.source import AGAIN, Source

_PACKAGE: Final = Path(__file__).parents[1]
_NOT_UNDERSTOOD: Final = (
    *(KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError),
    *(AssertionError, RecursionError, pl.exceptions.PolarsError, pl.exceptions.PanicException),
)


@contextmanager
def understood(label: str) -> Iterator[None]:
    """Turn whatever a folder of a strange make breaks into an error about the folder.

    Parameters
    ----------
    label : str
        What the user named.

    Yields
    ------
    None
        While the folder is read; bytes are checked by then, not what they mean.

    Raises
    ------
    RunFolderError
        If values in it do not mean what values there mean.
    """
    try:
        yield
    except _NOT_UNDERSTOOD as error:
        told = " ".join(str(error).split())[:200]
        message = f"what stands in the folder cannot be understood: {type(error).__name__}: {told}"
        # A folder that a forger signed anew looks as whole as one that a fault of ours breaks on.
        remedy = (
            "it was altered, or written by another version; if perigrid audit verify has no doubt "
            f"of it, report this as a fault of Perigrid, with {_where(error)}"
        )
        raise RunFolderError([Problem(message, remedy, path=label)]) from error


def _where(error: BaseException) -> str:
    """Name the innermost line of ours that an error went through."""
    steps = traceback.extract_tb(error.__traceback__)[1:]  # behind the guard itself
    ours = [one for one in steps if Path(one.filename).is_relative_to(_PACKAGE)] or steps
    return f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"


Schema = Mapping[str, type[pl.DataType]]
_OF_INSTANTS: Final = frozenset({"actions", "events", "legs", "others"})
"""Tables that a run is without if nothing was of their kind."""
MAX_ROWS: Final = 200_000_000
"""A table that says it has more is not read."""


def read_table(
    run: Source,
    name: str,
    schema: Schema | None = None,
    columns: Sequence[str] = (),
    where: pl.Expr | None = None,
) -> pl.DataFrame:
    """Read some columns of a table, once it is shown that they hold what they should.

    Parameters
    ----------
    run : Source
        Of one run.
    name : str
        Of the table: one file of that name, or parts in a folder of that name.
    schema : mapping, optional
        Types of its columns; whatever is there is read, empty cells too, if left out.
    columns : sequence of str
        Which to read; all of the schema if left out.
    where : polars.Expr, optional
        Keeps only rows for which this holds.

    Returns
    -------
    polars.DataFrame
        In file order.

    Raises
    ------
    RunFolderError
        If a file is missing or cannot be read, or a column is missing, of another type or has
        empty cells.
    """
    frames, room = [], MAX_ROWS
    if schema is not None:
        frames.append(pl.DataFrame(schema={column: schema[column] for column in columns or schema}))
    for file in table_files(run, name):
        frames.append(read_file(run, file, schema, columns, where, room))
        room -= frames[-1].height
    return pl.concat(frames) if frames else pl.DataFrame()


def table_files(run: Source, name: str) -> list[str]:
    """Find the files of a table.

    Parameters
    ----------
    run : Source
        Of one run.
    name : str
        Of the table.

    Returns
    -------
    list of str
        ``NAME.parquet``, or the parts that the run's ledger has a record of, in order; none of
        what did not happen in a run that is recorded by tables.

    Raises
    ------
    RunFolderError
        If there is neither or both, or a part is missing.
    """
    whole = f"{name}.parquet"
    if run.has(whole):
        if run.has(f"{name}/part-00000.parquet"):
            raise RunFolderError(
                [_broken(run, whole, "the table stands there twice, also in parts")]
            )
        return [whole]
    lines = run.read(RECORD).split(b"\n") if run.has(RECORD) else []
    parts = re.compile(rf'"part":"({re.escape(name)}/part-[0-9]{{5,}}\.parquet)"'.encode())
    found = [place[1].decode() for line in lines if (place := parts.search(line))]
    if not found and not (name in _OF_INSTANTS and lines and _is_by_tables(lines[0])):
        raise RunFolderError([_broken(run, whole, "the table is missing")])
    for part in found:
        if not run.has(part):
            raise RunFolderError([_broken(run, part, "a part of the table is missing")])
    return found


def _is_by_tables(first: bytes) -> bool:
    """Say by its first line whether a record names all parts of all tables."""
    line = parse_line(first)
    return line is not None and line.entry.get("pins", {}).get(RECORDS) == TABLES


def read_file(
    run: Source,
    name: str,
    schema: Schema | None = None,
    columns: Sequence[str] = (),
    where: pl.Expr | None = None,
    most_rows: int = MAX_ROWS,
) -> pl.DataFrame:
    """Read one file of a table.

    Parameters
    ----------
    run, schema, columns, where
        As for :func:`read_table`.
    name : str
        Path of the file.
    most_rows : int
        More are not read.

    Returns
    -------
    polars.DataFrame
        In file order.

    Raises
    ------
    RunFolderError
        As :func:`read_table` does.
    """
    try:
        rows = _scan(run, name)
        found = rows.collect_schema()
        wanted = list(columns or schema or found)
        if schema is not None:
            _demand_types(run, name, found, {one: schema[one] for one in wanted})
        count = rows.select(pl.len()).collect().item()
        if count > most_rows:
            raise RunFolderError([_broken(run, name, f"the table says it has {count:,} rows")])
        frame = (rows if where is None else rows.filter(where)).select(wanted).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        told = (str(error).splitlines() or ["it is no Parquet file"])[0][:200]
        message = f"the table cannot be read: {told}"
        raise RunFolderError([_broken(run, name, message)]) from error
    if empty := [one for one in wanted if schema is not None and frame[one].null_count()]:
        message = f"the table has empty cells in {', '.join(empty)}"
        raise RunFolderError([_broken(run, name, message)])
    return frame


def _scan(run: Source, name: str) -> pl.LazyFrame:
    if run.folder is None:
        return pl.read_parquet(io.BytesIO(run.read(name))).lazy()
    open_regular(run.folder, name).close()
    # Names of folders are names, whatever stars and brackets they hold.
    return pl.scan_parquet(run.folder / name, glob=False)


def _demand_types(run: Source, name: str, found: pl.Schema, wanted: Schema) -> None:
    missing = [one for one in wanted if one not in found]
    if missing:
        message = f"the table has no column {', '.join(missing)}"
        raise RunFolderError([_broken(run, name, message)])
    other = [one for one, kind in wanted.items() if found[one] != kind]
    if other:
        one = other[0]
        message = f"column {one} of the table is {found[one]}, not {wanted[one].__name__}"
        raise RunFolderError([_broken(run, name, message)])


def _broken(run: Source, name: str, message: str) -> Problem:
    return Problem(message, AGAIN, path=f"{run.label}/{name}")

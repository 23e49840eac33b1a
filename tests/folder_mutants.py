"""Mutants of run folders: a file changed, exchanged or gone, and in half of them signed anew.

What is signed anew has every hash and signature right: only what the values mean is wrong.
"""

from __future__ import annotations

import json
import math
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polars as pl

from forging import forge
from mutants import mutants

_NASTY: Final = (
    *(None, True, 0, -1, 7, 10**9, -(10**30), 1e300, 1e-300, -0.0, 0.5, math.inf, -math.inf),
    *(math.nan, "", "orbital", "../outside", "\x1b[2J", "\u202e", "a\nb", "1", "NaN", 2**63),
    *([], {}, [[]], {"": None}, [None], {"type": "Move"}, "x" * 5000, [0] * 50),
)
Change = Callable[[Path, random.Random], None]


def mutate(run: Path, draw: random.Random) -> str:
    """Change a run folder in place; say what was done."""
    names = sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file())
    heavy = [name for name in names if "ledger/" in name or name.endswith(".json")]
    name = draw.choice(names if draw.random() < 0.6 else heavy)
    change = draw.choice(_changes(name))
    change(run / name, draw)
    said = f"{change.__name__} {name}"
    if draw.random() < 0.5 and (run / "ledger" / "record.jsonl").is_file():
        try:
            forge(run)
        except Exception:  # noqa: BLE001  what cannot be signed anew stays as it is
            return said
        said += ", signed anew"
    return said


def _changes(name: str) -> tuple[Change, ...]:
    anywhere = (garble, remove, exchange, link, pipe, empty, folder)
    if name.endswith(".parquet"):
        return (column, column, column, column, rows, *anywhere)
    if name.endswith((".json", ".jsonl")):
        return (value, value, value, value, value, value, deep, *anywhere)
    return (lines, lines, *anywhere)


def garble(place: Path, draw: random.Random) -> None:
    """Change bytes."""
    place.write_bytes(next(mutants([place.read_bytes()], 1, draw.randrange(2**31))))


def remove(place: Path, draw: random.Random) -> None:
    place.unlink()


def exchange(place: Path, draw: random.Random) -> None:
    """Put another file in its place."""
    others = sorted(path for path in place.parent.rglob("*") if path.is_file() and path != place)
    if others:
        shutil.copyfile(draw.choice(others), place)


def link(place: Path, draw: random.Random) -> None:
    place.unlink()
    place.symlink_to(draw.choice(("/dev/zero", "/etc/hostname", "nowhere", place.name)))


def pipe(place: Path, draw: random.Random) -> None:
    place.unlink()
    os.mkfifo(place)


def empty(place: Path, draw: random.Random) -> None:
    place.write_bytes(draw.choice((b"", b"\n", b"{}\n", b"[]", b"null", b"PAR1PAR1")))


def folder(place: Path, draw: random.Random) -> None:
    place.unlink()
    place.mkdir()


def lines(place: Path, draw: random.Random) -> None:
    """Take out, double or swap lines."""
    found = place.read_bytes().splitlines(keepends=True) or [b""]
    at, other = draw.randrange(len(found)), draw.randrange(len(found))
    if draw.random() < 0.4:
        del found[at]
    elif draw.random() < 0.5:
        found.insert(other, found[at])
    else:
        found[at], found[other] = found[other], found[at]
    place.write_bytes(b"".join(found))


def deep(place: Path, draw: random.Random) -> None:
    """Nest a value deeper than a stack is."""
    level = draw.choice((40, 900, 50_000))
    text = place.read_text()
    place.write_text(text.replace(": ", f': {"[" * level}{"]" * level}, "more": ', 1))


def value(place: Path, draw: random.Random) -> None:
    """Put something else in the place of a value somewhere, or take a key away."""
    if place.suffix == ".jsonl":
        found = place.read_text().splitlines() or ["{}"]
        at = draw.choice(
            (0, len(found) - 1, draw.randrange(len(found)), draw.randrange(len(found)))
        )
        found[at] = json.dumps(
            _changed(json.loads(found[at]), draw), separators=(",", ":"), sort_keys=True
        )
        place.write_text("\n".join(found) + "\n")
        return
    content = _changed(json.loads(place.read_text()), draw)
    stored = place.name in {"scenario.json", "scenes.json"}
    form: dict[str, Any] = (
        {"separators": (",", ":"), "sort_keys": True} if stored else {"indent": 1}
    )
    place.write_text(json.dumps(content, **form) + ("" if stored else "\n"))


def _changed(content: Any, draw: random.Random) -> Any:
    """Walk down some way and change what is found there."""
    at, key = content, None
    while isinstance(at, dict | list) and at:
        key = draw.choice(sorted(at)) if isinstance(at, dict) else draw.randrange(len(at))
        if not isinstance(at[key], dict | list) or not at[key] or draw.random() < 0.15:
            break
        at = at[key]
    if key is None:
        return draw.choice(_NASTY)
    if isinstance(at, dict) and draw.random() < 0.2:
        del at[key]
    elif isinstance(at[key], int | float) and draw.random() < 0.3:
        at[key] = at[key] * draw.choice((-1, 2, 1e6, 1e-6)) + draw.choice((0, 1))
    else:
        at[key] = draw.choice(_NASTY)
    return content


def column(place: Path, draw: random.Random) -> None:
    """Give a column of a table another type or other values."""
    table = pl.read_parquet(place)
    name = draw.choice(table.columns)
    one, n = table[name], table.height
    kind = draw.randrange(6)
    if kind == 0:
        table = table.drop(name)
    elif kind == 1:
        table = table.with_columns(one.cast(pl.String).alias(name))
    elif kind == 2:
        table = table.with_columns(pl.Series(name, [None] * n, dtype=one.dtype))
    elif kind == 3:
        table = table.with_columns(pl.Series(name, [[1]] * n))
    elif one.dtype in (pl.String, pl.Categorical, pl.Enum):
        table = table.with_columns(
            pl.Series(name, [draw.choice(("", "zzz", "\x1b]0;x\x07", "delivered"))] * n)
        )
    elif one.dtype == pl.Boolean:
        table = table.with_columns((~one).alias(name))
    else:
        nasty = draw.choice((math.nan, math.inf, -math.inf, 1e300, -1.0, 0.0, 2.0**62))
        other = [nasty if draw.random() < 0.5 else v for v in one.to_list()]
        if one.dtype == pl.Int64:
            other = [int(v) if math.isfinite(v) and abs(v) < 2**63 else -(2**62) for v in other]
        table = table.with_columns(
            pl.Series(name, other, strict=False).cast(one.dtype, strict=False)
        )
    table.write_parquet(place)


def rows(place: Path, draw: random.Random) -> None:
    """Take rows out, double them or turn their order."""
    table = pl.read_parquet(place)
    kind = draw.randrange(4)
    table = (table[:0], table[::-1], pl.concat([table, table]), table[: table.height // 2])[kind]
    table.write_parquet(place)

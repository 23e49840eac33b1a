"""``perigrid data``: public data sets, fetched with checksums."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from perigrid.cli.options import json_option
from perigrid.cli.output import columns, print_json

cache_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for fetched data; $PERIGRID_CACHE or the user's cache if left out.",
)


@click.group()
def data() -> None:
    """Fetch, check and install public data sets; no run needs one."""


@data.command()
@cache_option
@json_option
def status(cache: Path | None, as_json: bool) -> None:
    """List the data sets and whether they are here and whole."""
    from perigrid.sim.data_cache import default_cache_dir, verify

    entries = verify(cache or default_cache_dir())
    if as_json:
        print_json(
            [
                {
                    "name": entry.data_set.name,
                    "state": entry.state,
                    "path": str(entry.path),
                    "bytes": entry.data_set.size_bytes,
                    "licence": entry.data_set.licence,
                    "source": entry.data_set.source,
                }
                for entry in entries
            ]
        )
        return
    rows: list[tuple[str, ...]] = [("name", "state", "size", "licence", "path")]
    rows += [
        (
            entry.data_set.name,
            entry.state,
            f"{entry.data_set.size_bytes / 1e6:.1f} MB",
            entry.data_set.licence,
            str(entry.path),
        )
        for entry in entries
    ]
    click.echo(columns(rows, right=(2,)))


@data.command()
@cache_option
@json_option
def verify(cache: Path | None, as_json: bool) -> None:
    """Check size and SHA-256 of every file in the cache; exit 2 if one is damaged."""
    from perigrid.base.errors import DataCacheError
    from perigrid.sim.data_cache import default_cache_dir
    from perigrid.sim.data_cache import verify as verify_files

    entries = verify_files(cache or default_cache_dir())
    damaged = [entry for entry in entries if entry.state == "damaged"]
    if damaged:
        raise DataCacheError([entry.problem for entry in damaged if entry.problem is not None])
    ready = [entry.data_set.name for entry in entries if entry.state == "ready"]
    if as_json:
        print_json({"ready": ready})
    else:
        click.echo(f"{len(ready)} of {len(entries)} data sets are here, none is damaged")


@data.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@cache_option
@json_option
def fetch(names: tuple[str, ...], cache: Path | None, as_json: bool) -> None:
    """Download data sets from where their authors publish them."""
    from perigrid.sim.data_cache import default_cache_dir
    from perigrid.sim.data_cache import fetch as fetch_file

    folder = cache or default_cache_dir()
    paths = {name: str(fetch_file(name, folder)) for name in names}
    if as_json:
        print_json(paths)
    else:
        click.echo("\n".join(paths.values()))


@data.command()
@click.argument("folder", type=click.Path(path_type=Path))
@cache_option
@json_option
def install(folder: Path, cache: Path | None, as_json: bool) -> None:
    """Copy data sets found in FOLDER into the cache, after checking them."""
    from perigrid.sim.data_cache import default_cache_dir, install_from

    installed = install_from(folder, cache or default_cache_dir())
    if as_json:
        print_json({"installed": list(installed)})
    else:
        click.echo("\n".join(installed))

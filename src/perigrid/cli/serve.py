"""``perigrid serve``: a finished run in the browser."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8080,
    show_default=True,
    help="Port on this machine's loopback address; 0 takes a free one.",
)
def serve(run_folder: Path, port: int) -> None:
    """Show a finished run or comparison; only this machine can connect."""
    from perigrid.web.server import open_server

    with open_server(run_folder, port) as server:
        click.echo(f"http://127.0.0.1:{server.server_port}/  (Ctrl-C ends)")
        server.serve_forever()

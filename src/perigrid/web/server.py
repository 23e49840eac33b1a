"""A finished run or comparison over HTTP: read-only, for this machine only.

The paths that can be asked for are fixed when the server opens, so that no request can name a file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import perigrid
from perigrid.base.errors import Problem, RunFolderError
from perigrid.ledger.source import MAX_JSON_BYTES, Source
from perigrid.report.html import html_report

LOOPBACK: Final = "127.0.0.1"
_HOSTS: Final = frozenset({"127.0.0.1", "localhost"})
_RECORDS: Final = ("comparison.json", "summary.json", "manifest.json")
_HEADERS: Final = (
    # The report is one file with its styles and script inside; it may load nothing.
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a path answers."""

    content_type: str
    body: bytes


class RunServer(ThreadingHTTPServer):
    """Serves fixed pages on the loopback address.

    Parameters
    ----------
    pages : mapping of str to Page
        By path.
    port : int
        0 takes a free one.
    """

    daemon_threads = True

    def __init__(self, pages: Mapping[str, Page], port: int) -> None:
        self.pages = dict(pages)
        super().__init__((LOOPBACK, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  the base class's
        """Say nothing of browsers that go away in the middle of an answer.

        Parameters
        ----------
        request : socket
            The connection.
        client_address : tuple
            Who connected.
        """
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def pages(folder: Path) -> dict[str, Page]:
    """Read what a run folder has to show.

    Parameters
    ----------
    folder : Path
        Of a run or a comparison.

    Returns
    -------
    dict of str to Page
        The report under ``/``, the records under their names, those of a comparison's runs under
        ``/<architecture>/``, and ``/health``.

    Raises
    ------
    RunFolderError
        If the folder holds no run.
    """
    run = Source(str(folder), folder)
    report = Page("text/html; charset=utf-8", html_report(folder).encode())
    health = json.dumps({"status": "ok", "perigrid": perigrid.__version__}).encode()
    found = {"/": report, "/report.html": report, "/health": Page("application/json", health)}
    for prefix in ("", *(f"{name}/" for name in run.runs())):
        for name in _RECORDS:
            if run.has(f"{prefix}{name}"):
                content = run.read(f"{prefix}{name}", MAX_JSON_BYTES)
                found[f"/{prefix}{name}"] = Page("application/json", content)
    return found


@contextmanager
def open_server(folder: Path, port: int) -> Iterator[RunServer]:
    """Listen on the loopback address.

    Parameters
    ----------
    folder : Path
        Of a run or a comparison.
    port : int
        0 takes a free one.

    Yields
    ------
    RunServer
        Bound, not yet serving.

    Raises
    ------
    RunFolderError
        If the folder holds no run or the port cannot be had.
    """
    shown = pages(folder)
    try:
        server = RunServer(shown, port)
    except OSError as error:
        message = f"port {port} cannot be had: {error.strerror}"
        problem = Problem(message, "choose another with --port, or 0 for a free one", key="--port")
        raise RunFolderError([problem]) from error
    with server:
        yield server


def serve(folder: Path, port: int) -> None:
    """Serve a finished run until interrupted.

    Parameters
    ----------
    folder : Path
        Of a run or a comparison.
    port : int
        0 takes a free one.
    """
    with open_server(folder, port) as server:
        server.serve_forever()


def _host_name(header: str) -> str | None:
    """Name in a Host header; None if it is no host at all."""
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the server's pages."""

    server: RunServer
    server_version = "perigrid"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30.0

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        # A page of another site that resolves its name to this machine still sends its own name.
        if _host_name(self.headers.get("Host", "")) not in _HOSTS:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        page = self.server.pages.get(urlsplit(self.path).path)
        if page is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        for name, value in _HEADERS:
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(page.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal belongs to the command."""

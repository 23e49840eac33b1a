"""``perigrid approvals``: what a live run asks people, and their signed answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perigrid.cli.options import json_option
from perigrid.cli.output import print_json

if TYPE_CHECKING:
    from perigrid.live.approval_inbox import Asked

S_PER_HOUR = 3600.0
inbox_folder = click.argument("inbox", type=click.Path(path_type=Path, file_okay=False))
as_person = click.option("--as", "name", required=True, help="Whose key signs.")
keys_folder = click.option(
    "--keys",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("keys"),
    show_default=True,
    help="Where keys are kept.",
)


@click.group()
def approvals() -> None:
    """List what a live run asks, grant or refuse it, stop the fleet."""


@approvals.command("list")
@inbox_folder
@json_option
def list_requests(inbox: Path, as_json: bool) -> None:
    """List the open requests in INBOX."""
    from perigrid.live.approval_inbox import ApprovalInbox

    found = ApprovalInbox(inbox).open_requests()
    if as_json:
        print_json([_document(one) for one in found])
        return
    for one in found:
        request = one.request
        wanted = ", ".join(request.roles) or "anyone"
        click.echo(
            f"{one.id}  job {request.job_id}  rule {request.rule}  "
            f"{len(one.answers)} of {request.people} ({wanted})"
        )


@approvals.command()
@inbox_folder
@click.argument("request")
@json_option
def show(inbox: Path, request: str, as_json: bool) -> None:
    """Show REQUEST in full: the action, what it is bound to, who answered."""
    from perigrid.live.approval_inbox import ApprovalInbox

    found = ApprovalInbox(inbox).find(request)
    if as_json:
        print_json(_document(found))
        return
    for key, value in _document(found).items():
        click.echo(f"{key}: {value}")


@approvals.command()
@inbox_folder
@click.argument("request")
@as_person
@keys_folder
def grant(inbox: Path, request: str, name: str, folder: Path) -> None:
    """Sign that REQUEST may be done."""
    _answer(inbox, request, name, folder, "grant")


@approvals.command()
@inbox_folder
@click.argument("request")
@as_person
@keys_folder
def refuse(inbox: Path, request: str, name: str, folder: Path) -> None:
    """Sign that REQUEST must not be done."""
    _answer(inbox, request, name, folder, "refuse")


@approvals.command()
@inbox_folder
@as_person
@keys_folder
@click.option("--node", "nodes", multiple=True, help="Satellite to stop; all if left out.")
@click.option("--hours", type=click.FloatRange(min=0.0, min_open=True), default=24.0,
              show_default=True, help="How long the stop is in force.")  # fmt: skip
@click.option("--reason", default="ordered at the console", show_default=True)
@click.option("--lift", is_flag=True, help="End stops given before instead.")
def stop(
    inbox: Path, name: str, folder: Path, nodes: tuple[str, ...], hours: float, reason: str,
    lift: bool,
) -> None:  # fmt: skip
    """Stop the fleet, or some satellites: only safe acts until it ends."""
    import secrets

    from perigrid.base.approvals import RESUME, STOP, SignedOrder
    from perigrid.base.withheld import SALT_BYTES, Told
    from perigrid.live.approval_inbox import ApprovalInbox
    from perigrid.live.people import private_key

    key, role = private_key(folder, name)
    kind = RESUME if lift else STOP
    told = Told(reason, secrets.token_bytes(SALT_BYTES))
    draft = SignedOrder(kind, nodes, "", told.withheld, "", role, 0.0, hours * S_PER_HOUR, "")
    order = ApprovalInbox(inbox).order(draft, key, told)
    click.echo(f"{kind} signed by {order.role} with key {order.signer}")


def _answer(inbox: Path, request: str, name: str, folder: Path, word: str) -> None:
    from perigrid.live.approval_inbox import ApprovalInbox
    from perigrid.live.people import private_key

    key, role = private_key(folder, name)
    answer = ApprovalInbox(inbox).answer(request, key, role, word=word)
    click.echo(f"{word} signed as {role} with key {answer.signer}")


def _document(asked: Asked) -> dict[str, Any]:
    from perigrid.base.codec import encode

    fields: dict[str, Any] = encode(asked.request)
    return {"id": asked.id, **fields, "answers": [encode(one) for one in asked.answers]}

"""``perigrid approvals``: what a live run asks people, and their signed answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perigrid.cli.options import json_option, output_options
from perigrid.cli.output import columns, hint, print_json

if TYPE_CHECKING:
    from perigrid.base.approvals import SignedApproval
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
@output_options
def list_requests(inbox: Path, as_json: bool, quiet: bool) -> None:
    """List the open requests in INBOX."""
    from perigrid.live.approval_inbox import ApprovalInbox

    box = ApprovalInbox(inbox)
    found = box.open_requests()
    if as_json:
        print_json([_document(one) for one in found])
        return
    if found:
        click.echo(columns([_row(one, box.notices.nodes()) for one in found]))
    else:
        hint("nothing is asked", quiet=quiet)


@approvals.command()
@inbox_folder
@click.argument("request")
@json_option
def show(inbox: Path, request: str, as_json: bool) -> None:
    """Show REQUEST in full: the action, what it is bound to, who answered."""
    from perigrid.live.approval_inbox import ApprovalInbox

    box = ApprovalInbox(inbox)
    found = box.find(request)
    if as_json:
        print_json(_document(found))
        return
    for key, value in _shown(found, box.notices.nodes()):
        click.echo(f"{key}: {value}")


@approvals.command()
@inbox_folder
@click.argument("request")
@as_person
@keys_folder
@json_option
def grant(inbox: Path, request: str, name: str, folder: Path, as_json: bool) -> None:
    """Sign that REQUEST may be done."""
    _answer(inbox, request, name, folder, "grant", as_json=as_json)


@approvals.command()
@inbox_folder
@click.argument("request")
@as_person
@keys_folder
@json_option
def refuse(inbox: Path, request: str, name: str, folder: Path, as_json: bool) -> None:
    """Sign that REQUEST must not be done."""
    _answer(inbox, request, name, folder, "refuse", as_json=as_json)


@approvals.command()
@inbox_folder
@as_person
@keys_folder
@click.option("--node", "nodes", multiple=True, help="Satellite to stop; all if left out.")
@click.option("--hours", type=click.FloatRange(min=0.0, min_open=True), default=24.0,
              show_default=True, help="How long the stop is in force.")  # fmt: skip
@click.option("--reason", default="ordered at the console", show_default=True,
              help="Why; a record holds its salted hash.")  # fmt: skip
@click.option("--lift", is_flag=True, help="End stops given before instead.")
@json_option
def stop(
    inbox: Path, name: str, folder: Path, nodes: tuple[str, ...], hours: float, reason: str,
    lift: bool, as_json: bool,
) -> None:  # fmt: skip
    """Stop the fleet, or some satellites: only safe acts until it ends."""
    import secrets

    from perigrid.base.approvals import RESUME, STOP, SignedOrder
    from perigrid.base.codec import encode
    from perigrid.base.withheld import SALT_BYTES, Told
    from perigrid.live.approval_inbox import ApprovalInbox
    from perigrid.live.people import private_key

    key, role = private_key(folder, name)
    kind = RESUME if lift else STOP
    told = Told(reason, secrets.token_bytes(SALT_BYTES))
    draft = SignedOrder(kind, nodes, "", told.withheld, "", role, 0.0, hours * S_PER_HOUR, "")
    order = ApprovalInbox(inbox).order(draft, key, told)
    if as_json:
        print_json(encode(order))
        return
    click.echo(f"{kind} signed by {order.role} with key {order.signer}")


def _answer(
    inbox: Path, request: str, name: str, folder: Path, word: str, *, as_json: bool
) -> None:
    from perigrid.base.codec import encode
    from perigrid.live.approval_inbox import ApprovalInbox
    from perigrid.live.people import private_key

    key, role = private_key(folder, name)
    box = ApprovalInbox(inbox)
    asked = box.find(request)
    answer = box.answer(asked.id, key, role, word=word)
    if as_json:
        print_json({"request": asked.id, **encode(answer)})
        return
    click.echo(f"{word} signed as {role} with key {answer.signer}")


def _row(asked: Asked, nodes: tuple[str, ...]) -> tuple[str, ...]:
    """Say on a line what is asked and how far it is."""
    from perigrid.base.approvals import GRANT
    from perigrid.base.decision_words import action_words

    request = asked.request
    granted = [one for one in asked.answers if one.answer == GRANT]
    refused = len(asked.answers) - len(granted)
    far = f"{len(granted)} of {request.people} ({_wanted(asked)})"
    far += f", {refused} refused" if refused else ""
    until = f"until {request.expires_s:.0f} s"
    return asked.id, f"rule {request.rule}", far, until, action_words(request.subject, nodes)


def _shown(asked: Asked, nodes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Write a request for a person who is about to sign it."""
    from perigrid.base.decision_words import action_words

    request = asked.request
    return [
        ("request", asked.id),
        ("what", action_words(request.subject, nodes)),
        ("rule", request.rule),
        ("wanted", f"{request.people} to sign, as {_wanted(asked)}"),
        ("asked", f"{request.asked_s:.0f} s after the start"),
        ("until", f"{request.expires_s:.0f} s after the start"),
        ("to be signed", request.subject_hash),
        ("evidence", request.evidence),
        *(("answer", _said(one)) for one in asked.answers),
    ]


def _said(one: SignedApproval) -> str:
    return f"{one.answer} by {one.role}, key {one.signer}, at {one.signed_at_s:.0f} s"


def _wanted(asked: Asked) -> str:
    return ", ".join(asked.request.roles) or "anyone"


def _document(asked: Asked) -> dict[str, Any]:
    from perigrid.base.codec import encode

    fields: dict[str, Any] = encode(asked.request)
    return {"id": asked.id, **fields, "answers": [encode(one) for one in asked.answers]}

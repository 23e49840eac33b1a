"""``perigrid audit``: whether the record of a run is what was written, and who says so."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from perigrid.cli.options import json_option
from perigrid.cli.output import print_json

if TYPE_CHECKING:
    from perigrid.ledger.audit import Verdict

SHOWN: Final = 20
"""Doubts printed for one run; ``--json`` has all."""

existing_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def audit() -> None:
    """Verify a run's ledger offline, hand it over, put a name to it."""


@audit.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--keys", "keys_file", type=existing_file, help="Public keys to trust, one on each line."
)
@click.option(
    "--since",
    "since_files",
    multiple=True,
    metavar="CHECKPOINT",
    type=existing_file,
    help="An earlier checkpoint that the log must continue; may be repeated.",
)
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    run: Path,
    keys_file: Path | None,
    since_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Verify RUN, a run or comparison folder or a bundle; exit 1 on any doubt."""
    from perigrid.ledger.audit_folder import verify as verify_source
    from perigrid.ledger.keys import read_keys
    from perigrid.ledger.source import open_source

    keys = None if keys_file is None else read_keys(keys_file.read_bytes(), str(keys_file))
    since = [(str(path), path.read_bytes()) for path in since_files]
    verdicts = verify_source(open_source(run), keys, since)
    ok = all(verdict.ok for verdict in verdicts)
    if as_json:
        print_json({"ok": ok, "runs": [_document(verdict) for verdict in verdicts]})
    else:
        click.echo("\n\n".join(_text(verdict) for verdict in verdicts))
    if not ok:
        ctx.exit(1)


@audit.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Bundle to write.",
)
@json_option
def export(run: Path, out: Path, as_json: bool) -> None:
    """Put the ledger of RUN and every file it covers into one bundle."""
    from perigrid.ledger.audit_folder import export as pack_run
    from perigrid.ledger.disk import replace_file
    from perigrid.ledger.source import open_source

    bundle = pack_run(open_source(run))
    replace_file(out, bundle)
    if as_json:
        print_json({"bundle": str(out), "bytes": len(bundle)})
    else:
        click.echo(str(out))


@audit.command()
@click.argument("name")
@click.option("--witness", is_flag=True, help="A key that cosigns checkpoints of others.")
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for the private key, readable by you only.",
)
@json_option
def keygen(name: str, witness: bool, out: Path, as_json: bool) -> None:
    """Make a key to sign under NAME; prints its public half."""
    import secrets

    from perigrid.base.signing import COSIGNATURE, ED25519, KEY_BYTES, SIMULATED, SigningKey
    from perigrid.ledger.keys import save_signing_key

    if name.startswith(SIMULATED):
        raise click.BadParameter(f"names of simulated keys begin with {SIMULATED}")
    kind = COSIGNATURE if witness else ED25519
    try:
        key = SigningKey(name, secrets.token_bytes(KEY_BYTES), kind)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    save_signing_key(out, key)
    public = key.verify_key.encode()
    if as_json:
        print_json({"public": public, "private": str(out)})
    else:
        click.echo(public)


@audit.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--key", "key_file", required=True, type=existing_file, help="Private key, from keygen."
)
@click.option(
    "--memory",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where a witness remembers what it signed, so that it refuses forks and rollbacks.",
)
@json_option
def sign(run: Path, key_file: Path, memory: Path | None, as_json: bool) -> None:
    """Verify the run folder RUN and sign its checkpoint."""
    import time

    from perigrid.ledger.endorse import endorse
    from perigrid.ledger.keys import load_signing_key

    public = endorse(run, load_signing_key(key_file), int(time.time()), memory)
    if as_json:
        print_json({"run": str(run), "signed_by": public.encode()})
    else:
        click.echo(f"{run}: signed by {public.name}")


def _document(verdict: Verdict) -> dict[str, Any]:
    """Turn a verdict into the fields of the contract."""
    signed = verdict.checkpoint
    return {
        "run": verdict.run,
        "ok": verdict.ok,
        "records": verdict.records,
        "logs": verdict.logs,
        "checkpoint": None
        if signed is None
        else {
            "origin": signed.origin,
            "size": signed.size,
            "root": base64.b64encode(signed.root).decode(),
        },
        "signed_by": [
            {"key": one.key.encode(), "t_unix_s": one.t_unix_s} for one in verdict.signed_by
        ],
        "doubts": [{"where": doubt.where, "what": doubt.what} for doubt in verdict.doubts],
        "gaps": verdict.gaps,
        "personal": verdict.personal,
        "notes": verdict.notes,
    }


def _text(verdict: Verdict) -> str:
    """Lay a verdict out for the terminal."""
    lines = [f"{verdict.run}: {'verified' if verdict.ok else 'NOT VERIFIED'}"]
    doubts = [f"doubt: {doubt.where}: {doubt.what}" for doubt in verdict.doubts[:SHOWN]]
    if len(verdict.doubts) > SHOWN:
        doubts.append(f"and {len(verdict.doubts) - SHOWN} more doubts; --json has all")
    facts = _facts(verdict)
    gaps = [f"gap: {gap}" for gap in verdict.gaps]
    notes = [f"note: {note}" for note in verdict.notes]
    return "\n  ".join([*lines, *doubts, *facts, *gaps, *notes])


def _facts(verdict: Verdict) -> list[str]:
    """Say what was verified."""
    if not verdict.records:
        return []
    facts = [f"{verdict.records:,} records in {len(verdict.logs)} logs"]
    if verdict.checkpoint is not None:
        facts.append(
            f"checkpoint over {verdict.checkpoint.size:,} leaves of {verdict.checkpoint.origin}"
        )
    facts += [
        f"{'signed' if one.t_unix_s is None else 'witnessed'} by {one.key.name}"
        for one in verdict.signed_by
    ]
    facts += [f"personal data: {n} {state}" for state, n in verdict.personal.items() if n]
    return facts

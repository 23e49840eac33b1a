"""``perigrid audit``: whether the record of a run is what was written, and who says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perigrid.base.errors import InputError, RunFolderError
from perigrid.cli.audit_decisions import (
    diff,
    given_scenario,
    scenario_option,
    set_option,
    show,
)
from perigrid.cli.audit_personal import erase, personal_of
from perigrid.cli.audit_verdict import document, text
from perigrid.cli.options import OutputFile, json_option
from perigrid.cli.output import print_json

if TYPE_CHECKING:
    from perigrid.ledger.source import Source
    from perigrid.ledger.verdict import Verdict
    from perigrid.scenario.model import Scenario
    from perigrid.sim.audit_replay import Replay

file_path = click.Path(path_type=Path, dir_okay=False)


@click.group()
def audit() -> None:
    """Verify a run's ledger offline, look into its decisions, hand it over, put a name to it."""


audit.add_command(show)
audit.add_command(diff)
audit.add_command(erase)


@audit.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--keys", "keys_file", type=file_path, help="Public keys to trust, one on each line.")
@click.option(
    "--since",
    "since_files",
    multiple=True,
    metavar="CHECKPOINT",
    type=file_path,
    help="An earlier checkpoint that the log must continue; may be repeated.",
)
@click.option(
    "--replay", "replayed", is_flag=True, help="Also decide anew from the recorded events."
)
@scenario_option
@set_option
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    run: Path,
    keys_file: Path | None,
    since_files: tuple[Path, ...],
    replayed: bool,
    scenario: str | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Verify RUN, a run or comparison folder or a bundle; exit 1 on any doubt.

    The worst comes first: doubts, then files that no ledger covers, then what was shown.
    """  # noqa: DOC501  a usage error is click's own matter
    from perigrid.ledger.audit_folder import verify as verify_source
    from perigrid.ledger.keys import load_keys
    from perigrid.ledger.source import open_source
    from perigrid.ledger.verdict import worst_first
    from perigrid.report.remade import check_report

    if scenario is not None and not replayed:
        raise click.UsageError("--scenario is what --replay decides anew from: give both")
    keys = None if keys_file is None else load_keys(keys_file)
    since = [(str(path), path.read_bytes()) for path in since_files]
    source, given = open_source(run), given_scenario(scenario, overrides)
    verdicts = verify_source(source, keys, since)
    for verdict in verdicts:
        check_report(verdict, source)
    replays = _replays(source, verdicts, given) if replayed else {}
    verdicts = worst_first(verdicts)
    ok = all(verdict.ok for verdict in verdicts)
    if as_json:
        runs = [document(one, replays.get(one.run)) for one in verdicts]
        print_json({"ok": ok, "doubts": sum(len(one.doubts) for one in verdicts), "runs": runs})
    else:
        click.echo("\n\n".join(text(one, replays.get(one.run)) for one in verdicts))
    if not ok:
        ctx.exit(1)


def _replays(
    source: Source, verdicts: list[Verdict], scenario: Scenario | None
) -> dict[str, Replay]:
    """Replay every run whose record is whole; what is not the same is a doubt about it."""
    from perigrid.ledger.comparison import COMPARED
    from perigrid.report.remade import check_whole
    from perigrid.sim.audit_replay import replay
    from perigrid.sim.cores import Cores

    cores, done = Cores(scenario), {}
    for verdict in verdicts:
        if verdict.ok and verdict.pins.get("architecture") != COMPARED:
            inner = verdict.run.removeprefix(source.label).strip("/")
            run = source.inside(inner) if inner else source
            found = done[verdict.run] = replay(run, cores)
            for where, what in found.doubts():
                verdict.doubt(where, what)
    whole = verdicts[0]
    if whole.pins.get("architecture") == COMPARED and all(one.ok for one in verdicts):
        check_whole(whole, source)
    return done


@audit.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    required=True,
    type=OutputFile(),
    help="Bundle to write.",
)
@json_option
def export(run: Path, out: Path, as_json: bool) -> None:
    """Put the ledger of RUN and every file it covers into one bundle.

    An earlier bundle is replaced; no other file is. A run that does not verify can be handed over
    too, with a warning.
    """
    from perigrid.ledger.audit_folder import export as pack_run
    from perigrid.ledger.audit_folder import verify as verify_source
    from perigrid.ledger.outputs import write_output
    from perigrid.ledger.source import open_source

    source = open_source(run)
    _spare_others(run, out)
    bundle = pack_run(source)
    doubts = sum(len(one.doubts) for one in verify_source(source))
    write_output(out, bundle)
    personal = personal_of(source)
    if as_json:
        told = {"bundle": str(out), "bytes": len(bundle), "doubts": doubts, "personal": personal}
        print_json(told)
        return
    click.echo("\n  ".join([str(out), *personal]))
    if doubts:
        click.echo("warning: it does not verify; perigrid audit verify says why", err=True)


def _spare_others(run: Path, out: Path) -> None:
    """Let a bundle take the place of a bundle only, and stand outside of what it covers."""
    from perigrid.ledger.source import open_source

    if out.resolve().is_relative_to(run.resolve()) and run.is_dir():
        remedy = "write it outside of the run folder"
        raise InputError.at(str(out), "the bundle would stand in what it covers", remedy=remedy)
    if not out.is_file():
        return
    try:
        open_source(out)
    except RunFolderError as error:
        remedy = "choose another file, or remove this one"
        raise InputError.at(str(out), "a file that is no bundle is there", remedy=remedy) from error


@audit.command()
@click.argument("name")
@click.option("--witness", is_flag=True, help="A key that cosigns checkpoints of others.")
@click.option(
    "-o",
    "--out",
    required=True,
    type=file_path,
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
@click.option("--key", "key_file", required=True, type=file_path, help="Private key, from keygen.")
@click.option(
    "--memory",
    type=file_path,
    help="Where a witness remembers what it signed, so that it refuses forks and rollbacks.",
)
@json_option
def sign(run: Path, key_file: Path, memory: Path | None, as_json: bool) -> None:
    """Verify RUN, a run or comparison folder, and sign its checkpoint; of a comparison all."""
    import time

    from perigrid.ledger.endorse import endorse
    from perigrid.ledger.keys import load_signing_key

    public = endorse(run, load_signing_key(key_file), int(time.time()), memory)
    if as_json:
        print_json({"run": str(run), "signed_by": public.encode()})
    else:
        click.echo(f"{run}: signed by {public.name}")

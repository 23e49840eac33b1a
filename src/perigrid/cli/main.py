"""The ``perigrid`` command: one subcommand per module of this folder.

Command modules import nothing heavier than click at the top; what a command needs it imports when
it runs, so that ``perigrid --help`` stays instant (see ``design/command-line.md``).
"""

from __future__ import annotations

import errno
import gc
from typing import Final

import click

import perigrid
from perigrid.base.errors import InputError, PerigridError, WorkError
from perigrid.base.threads import asked_threads
from perigrid.cli.approvals import approvals
from perigrid.cli.audit import audit
from perigrid.cli.bench import bench
from perigrid.cli.check import check
from perigrid.cli.compare import compare
from perigrid.cli.contacts import contacts
from perigrid.cli.data import data
from perigrid.cli.explain import explain
from perigrid.cli.fly import fly
from perigrid.cli.init import init
from perigrid.cli.keys import keys
from perigrid.cli.plan import plan
from perigrid.cli.policy import policy
from perigrid.cli.reconcile import reconcile
from perigrid.cli.report import report
from perigrid.cli.routes import routes
from perigrid.cli.run import run
from perigrid.cli.scenarios import scenarios
from perigrid.cli.serve import serve
from perigrid.cli.validate import validate

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, 128 plus the signal's number."""
GARBAGE_THRESHOLD: Final = 50_000
"""New objects between two searches for cyclic garbage. After every 700, as Python does by itself,
all that a run holds is looked through again and again, and next to none of it is garbage."""
_WRONG_PLACE: Final[dict[type[OSError], str]] = {
    FileNotFoundError: "check the path; its folder has to be there",
    PermissionError: "allow it to its owner, or name another place",
    NotADirectoryError: "check the path; a part of it is no folder",
    IsADirectoryError: "name a file, not a folder",
}
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})


class PerigridGroup(click.Group):
    """Turns the project's errors into a message and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the subcommand.

        Parameters
        ----------
        ctx : click.Context
            The running command.

        Returns
        -------
        object
            What the subcommand returns.
        """
        try:
            return super().invoke(ctx)
        except PerigridError as error:
            message = str(error)
            click.echo(message if message.startswith("error:") else f"error: {message}", err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            ctx.exit(_file_trouble(error))
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  the base class's signature
        """List the subcommands in the order in which they are used.

        Parameters
        ----------
        ctx : click.Context
            The running command.

        Returns
        -------
        list of str
            Names.
        """
        return list(self.commands)


def _file_trouble(error: OSError) -> int:
    """Say what could not be read or written.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    OSError
        Again, if neither a file nor the disk is concerned: a closed pipe is click's to handle, the
        rest are bugs.
    """
    # Writing into an open file names no file.
    if error.filename is None and error.errno not in _FULL:
        raise error
    place = "" if error.filename is None else f"{error.filename}: "
    remedy = next((said for kind, said in _WRONG_PLACE.items() if isinstance(error, kind)), "")
    full = "free some space, or look at the disk" if error.errno in _FULL else ""
    told = f"\n  help: {remedy or full}" if remedy or full else ""
    click.echo(f"error: {place}{error.strerror}{told}", err=True)
    return InputError.exit_code if remedy else WorkError.exit_code


@click.group(
    cls=PerigridGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(perigrid.__version__, prog_name="perigrid")
def main() -> None:
    """Design, fly and govern AI data centres in orbit.

    Start with: perigrid compare three-body
    """
    gc.set_threshold(GARBAGE_THRESHOLD)
    asked_threads()  # a wrong number is told before any work, also where one thread would do


for command in (
    init,
    scenarios,
    check,
    policy,
    plan,
    routes,
    contacts,
    run,
    compare,
    fly,
    explain,
    audit,
    keys,
    approvals,
    report,
    serve,
    validate,
    bench,
    data,
):
    main.add_command(command)
audit.add_command(reconcile)

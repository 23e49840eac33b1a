"""The ``perigrid`` command: one subcommand per module of this folder.

Command modules import nothing heavier than click at the top; what a command needs it imports when
it runs, so that ``perigrid --help`` stays instant (see ``design/command-line.md``).
"""

from __future__ import annotations

import gc
from typing import Any, Final

import click

import perigrid
from perigrid.base.threads import asked_threads
from perigrid.cli.approvals import approvals
from perigrid.cli.audit import audit
from perigrid.cli.bench import bench
from perigrid.cli.check import check
from perigrid.cli.compare import compare
from perigrid.cli.contacts import contacts
from perigrid.cli.data import data
from perigrid.cli.explain import explain
from perigrid.cli.failures import EXPECTED, tell
from perigrid.cli.init import init
from perigrid.cli.keys import keys
from perigrid.cli.plan import plan
from perigrid.cli.policy import policy
from perigrid.cli.reconcile import reconcile
from perigrid.cli.report import report
from perigrid.cli.routes import routes
from perigrid.cli.run import fly, run
from perigrid.cli.scenarios import scenarios
from perigrid.cli.serve import serve
from perigrid.cli.streams import lasting_streams
from perigrid.cli.validate import validate

GARBAGE_THRESHOLD: Final = 50_000
"""New objects between two searches for cyclic garbage. After every 700, as Python does by itself,
all that a run holds is looked through again and again, and next to none of it is garbage."""
_JSON: Final = "perigrid.json"
"""Where a command's context notes that its user asked for JSON."""


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
        except EXPECTED as error:
            ctx.exit(tell(error, as_json=ctx.meta.get(_JSON, False)))

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401  the base class's signature
    ) -> click.Context:
        """Read the words before the subcommand.

        Parameters
        ----------
        info_name : str or None
            Of the program.
        args : list of str
            All words.
        parent : click.Context or None
            None.
        **extra
            For the context.

        Returns
        -------
        click.Context
            That knows whether the subcommand is asked for JSON.

        Raises
        ------
        click.exceptions.Exit
            If the words are wrong, or help cannot be printed, after saying so.
        """
        as_json = "--json" in args
        try:
            context = super().make_context(info_name, args, parent, **extra)
        except EXPECTED as error:  # to print the help may fail too
            raise click.exceptions.Exit(tell(error, as_json=as_json)) from error
        context.meta[_JSON] = as_json
        return context

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401  the base class's signature
        """Run the whole command, with streams that outlast their readers.

        Parameters
        ----------
        *args, **extra
            As for :meth:`click.Command.main`.

        Returns
        -------
        object
            As there.
        """
        with lasting_streams():
            return super().main(*args, **extra)

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

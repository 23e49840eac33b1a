"""``perigrid policy``: what decides in a scenario, and what it would say."""

from __future__ import annotations

from typing import Final

import click

from perigrid.base.errors import PolicyDenied
from perigrid.cli.options import scenario_options
from perigrid.cli.output import print_json

DENIED: Final = "deny"
"""The verdict that a script is to notice."""


@click.group()
def policy() -> None:
    """Show the policies of a scenario as Cedar, or ask them one question."""


@policy.command()
@scenario_options
def show(scenario: str, overrides: tuple[str, ...], as_json: bool, quiet: bool) -> None:  # noqa: ARG001  the flags of every scenario command
    """Print everything that decides, in order: rules, own policies, packs, base."""
    from perigrid.control.policy.build import build_policies, policy_texts
    from perigrid.control.policy.whatif import overview
    from perigrid.fleet.build import build_fleet
    from perigrid.scenario.load import load_scenario

    loaded = load_scenario(scenario, overrides=overrides)
    policies = build_policies(loaded, build_fleet(loaded))
    texts = policy_texts(loaded)
    if as_json:
        cedar = {one.name: one.text for one in texts}
        print_json({"scenario": loaded.name, **overview(loaded, policies), "cedar": cedar})
        return
    for one in texts:
        click.echo(f"// ---- {one.name}\n{one.text}")


@policy.command()
@click.option("--action", required=True, metavar="NAME", help="process, move, downlink, task, ...")
@click.option("--node", required=True, metavar="NAME", help="Where it would happen.")
@click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="KEY=VALUE",
    help="What is known, such as territory=DE,FR or level=derived; may be repeated.",
)
@click.option("--by-person", is_flag=True, help="A person wants it, not a program.")
@scenario_options
def ask(
    scenario: str,
    overrides: tuple[str, ...],
    action: str,
    node: str,
    facts: tuple[str, ...],
    by_person: bool,
    as_json: bool,
    quiet: bool,  # noqa: ARG001  the flags of every scenario command
) -> None:
    """Say what the gate would say to one request; exit 3 if it is denied."""
    from perigrid.control.policy.whatif import ask as ask_gate
    from perigrid.fleet.build import build_fleet
    from perigrid.scenario.load import load_scenario

    given = {}
    for fact in facts:
        key, equals, value = fact.partition("=")
        if not equals:
            raise click.BadParameter(f"{fact!r} is not KEY=VALUE", param_hint="--fact")
        given[key] = value
    loaded = load_scenario(scenario, overrides=overrides)
    verdict = ask_gate(loaded, build_fleet(loaded), action, node, given, by_person=by_person)
    if as_json:
        row = {"decision": verdict.decision, "rule": verdict.rule, "reason": verdict.reason}
        print_json({"scenario": loaded.name, "action": action, "node": node, **row})
    else:
        click.echo(f"{verdict.decision}: {verdict.rule}: {verdict.reason}")
    if verdict.decision == DENIED:
        click.get_current_context().exit(PolicyDenied.exit_code)

"""``perigrid check``: parse and validate a scenario."""

from __future__ import annotations

import click

from perigrid.cli.options import scenario_options
from perigrid.cli.output import print_json, warn


@click.command()
@scenario_options
def check(scenario: str, overrides: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Parse and validate a scenario; errors point at file, line and column."""
    from perigrid.control.policy.build import build_policies
    from perigrid.control.policy.whatif import overview
    from perigrid.fleet.build import build_fleet
    from perigrid.scenario.abilities import able
    from perigrid.scenario.load import load_scenario
    from perigrid.scenario.model import ElementSets

    loaded = load_scenario(scenario, overrides=overrides)
    if any(isinstance(group.orbit, ElementSets) for group in loaded.groups):
        from perigrid.fleet.ephemeris import refuse_lost  # brings the compiler with it

        refuse_lost(loaded)
    governed = overview(loaded, build_policies(loaded, build_fleet(loaded)))
    assumed = [number for number in loaded.provenance if number.confidence == "assumed"]
    warnings = loaded.every_warning
    warn(warnings, quiet=quiet)
    if as_json:
        print_json(
            {
                "scenario": loaded.name,
                "valid": True,
                "digest": loaded.digest,
                "architectures": list(able(loaded)),
                "numbers": len(loaded.provenance),
                "assumed": [number.key for number in assumed],
                **governed,
            },
            warnings,
        )
        return
    click.echo(
        f"{loaded.source_path}: ok. {len(loaded.provenance)} numbers, {len(assumed)} assumed."
    )
    click.echo(f"architectures: {', '.join(able(loaded))}.")
    counts = ", ".join(f"{count} of {name}" for name, count in governed["policies"].items())
    click.echo(f"policies: {counts}.")

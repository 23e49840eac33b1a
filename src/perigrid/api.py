"""The Python face of Perigrid: open a scenario, plan it, run it, compare its architectures."""

from __future__ import annotations

from dataclasses import dataclass

from perigrid.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Study:
    """A scenario that can be planned, run and compared."""

    scenario: Scenario

    @classmethod
    def open(cls, scenario: str, *, overrides: tuple[str, ...] = ()) -> Study:
        """Load a scenario by path or library name.

        Parameters
        ----------
        scenario : str
            Path or library name.
        overrides : tuple of str
            ``dotted.path=value`` changes.

        Returns
        -------
        Study
            Ready to run.
        """
        from perigrid.scenario.load import load_scenario

        return cls(load_scenario(scenario, overrides=overrides))

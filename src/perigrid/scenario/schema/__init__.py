"""What a user may write: the pydantic schema of a scenario file. Units stand in the keys."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from perigrid.base.names import NAME
from perigrid.scenario.schema.architectures import ArchitectureSpec
from perigrid.scenario.schema.earth import EarthOrientationFile
from perigrid.scenario.schema.faults import WithFaults
from perigrid.scenario.schema.fields import SLUG, Origin, number, section, text
from perigrid.scenario.schema.governance import HandlingSpec, Packs, PartySpec, RuleSpec
from perigrid.scenario.schema.ground import Centre, Fibre, RelayNetwork, StationNetwork
from perigrid.scenario.schema.jobs import JobsSpec
from perigrid.scenario.schema.orbits import Instant
from perigrid.scenario.schema.oversight import (
    ApprovalSpec,
    AutonomySpec,
    EnvelopeSpec,
    OrderSpec,
    PersonSpec,
)
from perigrid.scenario.schema.pipeline import PipelineSpec
from perigrid.scenario.schema.satellites import Group
from perigrid.scenario.schema.sharing import GrantSpec, OwnerSpec
from perigrid.scenario.schema.work import ApproverSpec, DemandSpec


class ScenarioFile(WithFaults):
    """A mission: who flies, what is wanted, where it may be done."""

    perigrid: Literal[1] = Field(description="Version of this file format.")
    name: str = text("Short name.", pattern=SLUG)
    title: str = text("One line.", pattern=NAME)
    summary: str = text("What it shows and what is assumed.", default="-")
    start: Instant = Field(description="First instant, UTC, as 2026-08-22T12:00:00Z.")
    stale: bool = Field(
        default=False,
        description="Take element sets that are more than 30 days away from the start.",
    )
    hours: float = number(
        "h", "Length of the run.", 24.0, Origin("design choice: one day"), gt=0, le=8784
    )
    step_s: float = number(
        "s", "Step of light, power and heat.", 30.0, Origin("design choice"), ge=0.1, le=3600
    )
    seed: int = number(
        "1", "Of every random draw.", 1, Origin("arbitrary"), ge=0, le=9_007_199_254_740_991
    )
    scheduler: str = text("Name of the scheduler.", pattern=SLUG, default="lookahead")
    workload: str = text("Name of the kind of work.", pattern=SLUG, default="imagery")
    architectures: list[ArchitectureSpec] | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Which to compare: names, or compositions of its own; of bent-pipe, relay, "
        "onboard and orbital those that the scenario can, if left out.",
    )
    groups: list[Group] = Field(min_length=1, max_length=100)
    stations: list[StationNetwork] = Field(min_length=1, max_length=1000)
    data_centres: list[Centre] = Field(min_length=1, max_length=1000)
    terrestrial: Fibre = section(Fibre)
    relay_network: RelayNetwork = section(RelayNetwork)
    demand: DemandSpec = section(DemandSpec)
    pipeline: PipelineSpec = section(PipelineSpec)
    rules: list[RuleSpec] = Field(default_factory=list, max_length=1000)
    jurisdiction: Packs = Field(
        default_factory=list, max_length=4, description="Packs of rules that hold."
    )
    policies: str | None = Field(
        None, min_length=1, description="Folder of *.cedar and *.json, relative to this file."
    )
    parties: list[PartySpec] = Field(default_factory=list, max_length=1000)
    handling: HandlingSpec = section(HandlingSpec)
    approver: ApproverSpec = section(ApproverSpec)
    approval: ApprovalSpec = section(ApprovalSpec)
    approvers: list[PersonSpec] = Field(default_factory=list, max_length=1000)
    envelopes: list[EnvelopeSpec] = Field(default_factory=list, max_length=1000)
    orders: list[OrderSpec] = Field(default_factory=list, max_length=1000)
    autonomy: AutonomySpec | None = None
    operators: list[OwnerSpec] = Field(default_factory=list, max_length=1000)
    grants: list[GrantSpec] = Field(default_factory=list, max_length=1000)
    earth_orientation: EarthOrientationFile | None = None
    jobs: JobsSpec | None = None

"""Schema of the architectures that a scenario names or composes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from perigrid.scenario.schema.fields import SLUG, Section, text

PlaceName = Literal["origin", "satellite", "data-centre"]
LinkName = Literal["downlink", "crosslink", "relay"]


class ArchitectureSpec(Section):
    """An architecture: the name of a built-in one, or a name, `compute` and `carry`."""

    name: str = text("Its name; alone, that of a built-in one.", pattern=SLUG)
    compute: dict[str, Annotated[list[PlaceName], Field(min_length=1)]] | None = Field(
        None,
        min_length=1,
        description="Where each task may run, by task or *: origin (the satellite that took it), "
        "satellite (any other with a computer), data-centre.",
    )
    carry: dict[str, Annotated[list[LinkName], Field(min_length=1)]] | None = Field(
        None,
        min_length=1,
        description="What may carry raw, answer or *: downlink, crosslink, relay.",
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the bare name too."""
        return {"anyOf": [{"type": "string", "pattern": SLUG}, handler(core)]}

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:  # noqa: ANN401  what a user wrote
        """Take a bare name for an item with nothing else."""
        return {"name": value} if isinstance(value, str) else value

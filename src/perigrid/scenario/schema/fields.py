"""Building blocks of the schema: sections, and numbers that know their unit and origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

from perigrid.base.provenance import Confidence

DEFAULTS_DATE: Final = "2026-11-22"
"""The day on which the defaults were last looked through."""

ORIGIN_KEYS: Final = ("source", "date", "confidence")
"""Keys that every section and every number in long form may carry."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a number comes from."""

    source: str
    date: str = DEFAULTS_DATE
    confidence: Confidence = "assumed"


@dataclass(frozen=True, slots=True)
class NumberInfo:
    """What the schema knows of one number: its unit, and where its default comes from."""

    unit: str
    origin: Origin | None


def _year(value: object) -> object:
    """Take a bare year, which YAML reads as an integer, for the date it is."""
    return str(value) if type(value) is int else value


class Section(BaseModel):
    """A mapping of the scenario; unknown keys, coercions and non-finite numbers are refused.

    ``source``, ``date`` and ``confidence`` hold for every plain number in the section and below
    it, unless something nearer says otherwise.
    """

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        str_max_length=20_000_000,
        # Only the whole scenario is validated: one validator is built, not one for every section.
        defer_build=True,
    )

    source: str | None = Field(
        None, min_length=1, description="Where the numbers of this section come from."
    )
    date: Annotated[str | None, BeforeValidator(_year)] = Field(
        None,
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        description="When the source was valid or read, as 2026-08-22.",
    )
    confidence: Confidence | None = Field(
        None, description="measured, published, derived or assumed."
    )


def section(kind: type[Section]) -> Any:  # noqa: ANN401  the field's own type
    """Declare a section that may be left out, all of its numbers having defaults.

    Parameters
    ----------
    kind : type of Section
        Which.

    Returns
    -------
    Any
        A pydantic field.
    """
    return Field(default_factory=kind.model_construct)


def number(
    unit: str,
    about: str,
    default: float | None = None,
    origin: Origin | None = None,
    *,
    optional: bool = False,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
) -> Any:  # noqa: ANN401  the field's own type
    """Declare a number of the schema.

    Parameters
    ----------
    unit : str
        Unit as a reader would write it; ``1`` for a pure number.
    about : str
        What the number is.
    default : float, optional
        Value if the key is left out; without it the key is required.
    origin : Origin, optional
        Where the default comes from.
    optional : bool
        Whether the key may be left out without a value to take its place.
    ge, gt, le, lt : float, optional
        Limits, in ``unit``.

    Returns
    -------
    Any
        A pydantic field.
    """
    info: dict[str, Any] = {"unit": unit}
    if origin is not None:
        info |= {key: getattr(origin, key) for key in ORIGIN_KEYS}
    value = ... if default is None and not optional else default
    return Field(
        value, description=about, ge=ge, gt=gt, le=le, lt=lt, json_schema_extra=cast("Any", info)
    )


def number_info(field: FieldInfo) -> NumberInfo | None:
    """Read back what :func:`number` declared.

    Parameters
    ----------
    field : FieldInfo
        A field of a section.

    Returns
    -------
    NumberInfo or None
        None if the field is no number.
    """
    extra = field.json_schema_extra
    if not isinstance(extra, dict) or "unit" not in extra:
        return None
    origin = None
    if "source" in extra:
        origin = Origin(
            str(extra["source"]), str(extra["date"]), cast("Confidence", extra["confidence"])
        )
    return NumberInfo(str(extra["unit"]), origin)


def text(about: str, *, pattern: str | None = None, default: str | None = None) -> Any:  # noqa: ANN401  the field's own type
    """Declare a short text of the schema.

    Parameters
    ----------
    about : str
        What it is.
    pattern : str, optional
        Regular expression it must match.
    default : str, optional
        Value if the key is left out; without it the key is required.

    Returns
    -------
    Any
        A pydantic field.
    """
    value = ... if default is None else default
    return Field(value, description=about, min_length=1, max_length=2000, pattern=pattern)


COUNTRY: Final = r"^[A-Z]{2}$"
COUNTRY_OR_ANY: Final = r"^([A-Z]{2}|any)$"
"""ISO 3166-1 alpha-2."""
SLUG: Final = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"

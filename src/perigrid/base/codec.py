"""Messages to plain JSON values and back, so that a record can be written, read and replayed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any, Final

from perigrid.base import approvals, jobs, messages

_CLASSES: Final[dict[str, Any]] = {
    cls.__name__: cls
    for cls in (
        jobs.Job,
        messages.Captured,
        messages.CaptureRefused,
        messages.Computed,
        messages.Moved,
        messages.TimerRang,
        messages.StateReported,
        messages.ApprovalAnswered,
        messages.NodeFailed,
        messages.NodeRepaired,
        messages.MoveFailed,
        messages.TaskLost,
        messages.EnvelopeAnswered,
        messages.Ordered,
        messages.AuthorityExpired,
        messages.Leg,
        messages.Alternative,
        messages.Move,
        messages.Compute,
        messages.Wait,
        messages.Close,
        messages.AskApproval,
        messages.Acknowledge,
        messages.Verdict,
        approvals.SignedApproval,
        approvals.SignedOrder,
        approvals.Withheld,
        approvals.Envelope,
        approvals.Box,
    )
}
_FIELDS: Final = {
    name: tuple(field.name for field in dataclasses.fields(cls)) for name, cls in _CLASSES.items()
}
# Left out where they say nothing: of most jobs all do, and older records know no such keys.
_LEFT_OUT: Final = {
    name: tuple(
        (field.name, [] if field.default == () else field.default)  # as encoded
        for field in dataclasses.fields(cls)
        if field.metadata.get(jobs.OF_OTHER_WORK)
    )
    for name, cls in _CLASSES.items()
}
_ENUMS: Final = {
    "product": jobs.Product,
    "cause": jobs.Cause,
}
TYPE_KEY: Final = "type"
# Left out where there are none: most decisions have none, and older records know no such key.
_LEFT_OUT_IF_EMPTY: Final = "alternatives"
# Most values of most messages: told apart first.
_PLAIN: Final = frozenset({str, float, int, bool, type(None)})
# One encoder for all: json.dumps would build one for every call with options.
_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def encode(message: object) -> Any:  # noqa: ANN401  JSON values have no narrower type
    """Turn a message, or any nesting of messages, into JSON values.

    Parameters
    ----------
    message : object
        A message of :mod:`perigrid.base.messages`, a tuple of them, or a plain value.

    Returns
    -------
    dict, list, str, float, int, bool or None
        Objects carry their class name under ``type``.
    """
    kind = type(message)
    if kind in _PLAIN:
        return message
    name = kind.__name__
    if name in _FIELDS:
        body: dict[str, Any] = {TYPE_KEY: name}
        for field in _FIELDS[name]:
            value = getattr(message, field)
            # Asked here too: a call for each number would take most of the time.
            body[field] = value if type(value) in _PLAIN else encode(value)
        if not body.get(_LEFT_OUT_IF_EMPTY, True):
            del body[_LEFT_OUT_IF_EMPTY]
        for field, default in _LEFT_OUT[name]:
            if body[field] == default:
                del body[field]
        return body
    if isinstance(message, (tuple, list)):
        return [item if type(item) in _PLAIN else encode(item) for item in message]
    return message


def decode(value: Any) -> Any:  # noqa: ANN401  JSON values have no narrower type
    """Rebuild what :func:`encode` wrote.

    Parameters
    ----------
    value : dict, list, str, float, int, bool or None
        Parsed JSON.

    Returns
    -------
    object
        The message, equal to the original.

    Raises
    ------
    KeyError
        If an object names a class that is no message.
    """
    if isinstance(value, list):
        return tuple(decode(item) for item in value)
    if not isinstance(value, dict):
        return value
    fields = {
        key: _ENUMS[key](item) if key in _ENUMS else decode(item)
        for key, item in value.items()
        if key != TYPE_KEY
    }
    return _CLASSES[value[TYPE_KEY]](**fields)


def canonical_json(value: object) -> str:
    """Write JSON the one way that is hashed: sorted keys, no spaces, no NaN.

    Parameters
    ----------
    value : object
        JSON values.

    Returns
    -------
    str
        Text without a newline.
    """
    return _CANONICAL.encode(value)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of a value.

    Parameters
    ----------
    value : object
        JSON values.

    Returns
    -------
    str
        Hexadecimal.
    """
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()

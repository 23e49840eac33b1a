"""What an approval is bound to: the hash of an action in its context."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

from perigrid.base.codec import TYPE_KEY, digest, encode
from perigrid.base.messages import Action, AskApproval, Leg, Move

FORMAT: Final = "perigrid action v1"

# When bits fly is planned anew until they do; an approval has an expiry for that.
_WHEN: Final = frozenset({"t_ready_s", "t_window_s", "t_start_s", "t_end_s", "t_arrival_s"})
_LEG: Final = Leg.__name__
_BOUND: Final = tuple(
    field.name for field in dataclasses.fields(Leg) if field.name not in {*_WHEN, "contact"}
)
# Words for readers, not part of what is done.
_WORDS: Final = frozenset({"reason", "detail"})


def action_hash(action: Action, context: dict[str, Any] | None = None) -> str:
    """Hash an action together with the context it is judged in.

    Parameters
    ----------
    action : Action
        Of a request for approval, its subject is hashed.
    context : dict, optional
        JSON values that must not change between asking and acting: digests of scenario, policy
        and models.

    Returns
    -------
    str
        SHA-256, hexadecimal.

    Notes
    -----
    Who does what, to which product, from where over which nodes, and how many bytes are part of
    the hash; transmission times and explaining words are not, because a route is planned anew
    while a person thinks it over. The expiry of the approval bounds the time instead. Any other
    route is another action.
    """
    if isinstance(action, AskApproval):
        return action_hash(action.subject, context)
    legs: tuple[Leg, ...] = ()
    if isinstance(action, Move):
        legs, action = action.legs, dataclasses.replace(action, legs=())
    body = {key: item for key, item in encode(action).items() if key not in _WORDS}
    if isinstance(action, Move):
        body["legs"] = [_leg(leg) for leg in legs]
    return digest({TYPE_KEY: FORMAT, "action": body, "context": context or {}})


def _leg(leg: Leg) -> dict[str, Any]:
    """One leg without its times and its row in the table of contacts."""
    return {TYPE_KEY: _LEG} | {name: getattr(leg, name) for name in _BOUND}

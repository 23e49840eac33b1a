"""Rows of the core's tables of ways: contacts, bookings, exits, what rules leave open, places."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.control.core.messages import Field

CONTACT: Final[list[Field]] = [
    ("row", np.int64),  # in the outlook
    ("kind", np.int8),
    ("source", np.int64),  # fleet rows
    ("target", np.int64),
    ("carries", np.uint8),  # bit of each product that it may carry
    ("excluded", np.uint8),  # it never locks
]
"""A contact, in the order of the search."""

BOOKED: Final[list[Field]] = [
    ("job", np.int64),  # -1 for a row that is free
    ("next", np.int64),  # leg of the move, or free row; -1
    ("place", np.int64),  # of the contact; -1 for fibre
    ("antenna", np.int64),  # piece of equipment that receives; -1
    ("source", np.int64),  # fleet rows
    ("target", np.int64),
    ("start_s", np.float64),
    ("end_s", np.float64),
    ("nbytes", np.float64),
]
"""A leg of a move under way."""

EXIT: Final[list[Field]] = [
    ("ground", np.int64),
    ("index", np.int64),
    ("centre", np.int64),  # where it leads: in a routed run the ground node itself
    ("delay_s", np.float64),
    ("rate_bps", np.float64),
    ("hub", np.int64),  # data centre that what is not computed goes on to; -1
    ("hub_delay_s", np.float64),
    ("hub_bps", np.float64),
]
"""A way from a ground node to its data centre; in a routed run to the ground node."""

FACTS: Final[list[Field]] = [
    ("from_s", np.float64),  # when what rules say begins to be so
    ("last", np.int64),  # row of what they say at last
    ("open", np.int64),  # row of nodes that are open then or later
    ("shut", np.int64),  # row of nodes that are closed then
    ("back", np.int64),  # of the same for the search back in time
    ("all_open", np.uint8),
    ("first_satellite", np.int64),  # rows of closed places
    ("satellites", np.int64),
    ("first_exit", np.int64),
    ("exits", np.int64),
]
"""What rules leave open, for a time, to a product of which they know the same; first: all."""

PLACE: Final[list[Field]] = [
    ("node", np.int64),
    ("row", np.int64),  # of what is known of it, where the pixels are
    ("home", np.uint8),  # where the pixels are
    ("cause", np.uint8),  # what a stage waits for there; 255 for nothing
    ("out", np.uint8),  # Lost; 255 if it is not ruled out
    ("start_s", np.float64),
    ("arrival_s", np.float64),
    ("insight_s", np.float64),
    ("late", np.float64),  # first part of its cost: infinity if it was not judged
    ("cost", np.float64),
    ("told", np.uint8),  # it was named among the alternatives
    ("asks", np.uint8),  # 1 if people have to allow it, and 2 more if a grant has to lend it
    ("wait_s", np.float64),  # of its time until the answer: for the work before it
    ("load_s", np.float64),  # and for loading its model
]
"""A place where a job could be computed."""

LATEST: Final[list[Field]] = [
    ("jobs", np.int64),
    ("back", np.int64),
    ("due_s", np.float64),
    ("nbytes", np.float64),
]
"""What a row of latest ends was worked out for."""

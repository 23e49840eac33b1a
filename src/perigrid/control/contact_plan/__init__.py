"""Store and forward over contact windows whose volume is booked.

The whole product is received before it is sent on (bundles, not streams), a booking takes the first
gap of its radio, antenna or laser link that is long enough, and never overruns its window.
"""

from perigrid.control.contact_plan.exits import NO_CONTACT, Exit, ways_out
from perigrid.control.contact_plan.kernel import Bools
from perigrid.control.contact_plan.opening import Open, Route
from perigrid.control.contact_plan.plan import ContactPlan
from perigrid.control.contact_plan.search import (
    Arrivals,
    Hop,
    contacts_to,
    earliest_arrival,
    hops_to,
)
from perigrid.control.contact_plan.table import ContactTable, contact_table

__all__ = [
    "NO_CONTACT",
    "Arrivals",
    "Bools",
    "ContactPlan",
    "ContactTable",
    "Exit",
    "Hop",
    "Open",
    "Route",
    "contact_table",
    "contacts_to",
    "earliest_arrival",
    "hops_to",
    "ways_out",
]

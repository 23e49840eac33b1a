"""Store and forward over contact windows whose volume is booked.

The whole product is received before it is sent on (bundles, not streams), a contact serves its
bookings in the order in which they were made, and a booking never overruns its window.
"""

from perigrid.control.contact_plan.bookings import Booking, Bookings, Priority
from perigrid.control.contact_plan.bundles import (
    Bundle,
    Entry,
    Planned,
    Refusal,
    Refused,
    What,
)
from perigrid.control.contact_plan.custody import Custody
from perigrid.control.contact_plan.exits import NO_CONTACT, Exit
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
    "Booking",
    "Bookings",
    "Bools",
    "Bundle",
    "ContactPlan",
    "ContactTable",
    "Custody",
    "Entry",
    "Exit",
    "Hop",
    "Open",
    "Planned",
    "Priority",
    "Refusal",
    "Refused",
    "Route",
    "What",
    "contact_table",
    "contacts_to",
    "earliest_arrival",
    "hops_to",
]

"""Store and forward over contact windows whose volume is booked.

The whole product is received before it is sent on (bundles, not streams), a contact serves its
bookings in the order in which they were made, and a booking never overruns its window.
"""

from perigrid.control.contact_plan.plan import NO_CONTACT, ContactPlan, Exit, Route
from perigrid.control.contact_plan.search import Bools

__all__ = ["NO_CONTACT", "Bools", "ContactPlan", "Exit", "Route"]

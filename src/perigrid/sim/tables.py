"""A finished simulation as the tables of a run folder."""

from __future__ import annotations

import numpy as np
import polars as pl

from perigrid.fleet.model import ContactKind
from perigrid.ledger.tables import CONTACTS
from perigrid.sim.trace import Trace
from perigrid.sim.world import World


def contacts_frame(world: World, trace: Trace) -> pl.DataFrame:
    """One row per contact window, with what was booked on it.

    Parameters
    ----------
    world : World
        Windows and names.
    trace : Trace
        The simulation.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.CONTACTS`.
    """
    contacts, names = world.outlook.contacts, world.fleet.names
    data: dict[str, object] = {
        "kind": [ContactKind(int(kind)).name.lower() for kind in contacts.kind],
        "source": [names[int(row)] for row in contacts.source],
        "target": [names[int(row)] for row in contacts.target],
        "t_start_s": contacts.t_start_s,
        "t_end_s": contacts.t_end_s,
        "rate_bps": contacts.rate_bps,
        "light_time_s": contacts.light_time_s,
        "hops": contacts.hops,
        "max_elevation_deg": np.degrees(contacts.max_elevation_rad),
        "booked_bytes": trace.booked_bytes,
    }
    return pl.DataFrame({name: data[name] for name in CONTACTS}, schema=CONTACTS)

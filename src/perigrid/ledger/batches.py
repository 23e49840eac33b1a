"""What a record says of many decisions at once: their root."""

from __future__ import annotations

from typing import Any


def batch_content(first: int, rows: int, root: bytes) -> dict[str, Any]:
    """Say which decisions a tree is over.

    Parameters
    ----------
    first, rows : int
        Number of the first row over all parts of the table, and how many there are.
    root : bytes
        Merkle tree head over their leaves, as :mod:`perigrid.ledger.run_rows` has them.

    Returns
    -------
    dict
        JSON values.
    """
    return {"first": first, "rows": rows, "root": root.hex()}

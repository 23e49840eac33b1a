"""The gate: what may be done, and by whose leave."""

"""A tiny world in which everything fails, flown by the real decision core, gate and ledger."""

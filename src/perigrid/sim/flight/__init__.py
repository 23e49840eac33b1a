"""The compiled engine for large fleets: world, step, events, parts, checkpoints."""

"""Virtual clock: the world is arrays."""

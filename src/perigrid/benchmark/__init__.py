"""Speed as a ratio to a reference, in one process."""

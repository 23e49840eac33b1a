"""Published value against ours: one case per file."""

"""The command line: thin commands, heavy imports inside."""

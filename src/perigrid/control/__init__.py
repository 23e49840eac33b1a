"""The decision core: events in, authorised actions out."""

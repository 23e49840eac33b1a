"""Physics applied to a described fleet: Fleet, Outlook, observations."""

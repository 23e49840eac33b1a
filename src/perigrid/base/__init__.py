"""The ground floor: time, units, constants, errors, messages, provenance, the plug-in registry."""

"""The event loop, compiled: physics steps, events in order of time, and what decisions set going."""

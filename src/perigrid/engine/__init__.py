"""The event loop, compiled: physics, events in order of time, and what decisions set going."""

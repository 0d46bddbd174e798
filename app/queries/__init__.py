"""Everything that can be read: functions that take a session and return frozen dataclasses."""

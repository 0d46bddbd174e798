"""The outside world: database, clock, limits, logs. Knows no domain and reads no request."""

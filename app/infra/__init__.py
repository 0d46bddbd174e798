"""The outside world: database, clock, passwords, limits. Knows no domain and reads no request."""

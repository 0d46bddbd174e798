"""Everything that can change: verbs that take a session and never begin or end one.

Every write has one shape: lock the user's row, read what the rules need, write.
"""

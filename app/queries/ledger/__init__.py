"""The ledger as it is read: page by page for its user, and as a whole for the operator."""

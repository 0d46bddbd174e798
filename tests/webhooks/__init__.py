"""Programs that are told what happens: whom, what, and what becomes of it."""

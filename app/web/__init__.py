"""How requests, HTML and HTMX work here. It knows no room: what is a room's own is given in."""

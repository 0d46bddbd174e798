"""The only floor that knows requests, HTML and HTMX."""

"""The rooms as they are seen: one blueprint each, and the forms that they show."""

"""What users are subscribed to, whose letters are due, and what these say."""

from app.queries.subscriptions.due import Due, due, minutes_of
from app.queries.subscriptions.reminder import reminder
from app.queries.subscriptions.weekly import weekly

__all__ = ["Due", "due", "minutes_of", "reminder", "weekly"]

"""Looking back: a year in one picture, and the week before this one in a line."""

"""The laws of the game: days and numbers in, values out. Standard library only."""

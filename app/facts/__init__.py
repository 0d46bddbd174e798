"""What both writes and reads must know, as typed rows. SQL gives facts, the rules decide."""

"""How many, from lists that overlap."""

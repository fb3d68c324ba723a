"""What the room knows: its entries, the tables that are folded from them, and the scenario of a day that is made of all of it."""

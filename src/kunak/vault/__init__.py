"""What this desk knows, encrypted on its disk: entries as they were signed, keys, and the tables folded from them."""

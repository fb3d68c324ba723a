"""What an entry is, and whether to believe it. Takes bytes, answers; touches neither disk nor network."""

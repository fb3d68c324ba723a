"""What came in, what it paid for."""

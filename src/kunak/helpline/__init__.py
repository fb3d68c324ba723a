"""Letters come in and are answered."""

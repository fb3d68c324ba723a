"""What may be said, and the published pages."""

"""Who is helped, by whom, with what."""

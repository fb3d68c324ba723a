"""A person's pages without JavaScript: seals what they write, opens what is theirs. Small enough to read before every release."""

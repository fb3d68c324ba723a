"""The way itself: who carries whom, who is told what and when, who is expected to write, and what happens when nobody does."""

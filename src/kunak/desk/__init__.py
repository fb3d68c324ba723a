"""Door 2: a helper's own machine, on 127.0.0.1 only."""

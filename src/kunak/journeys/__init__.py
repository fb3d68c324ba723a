"""Getting people out: who leaves when, by which leg, to which place, and why not sooner."""

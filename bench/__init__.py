"""Benchmarks: `make bench` prints them as one table, ratios within one run."""

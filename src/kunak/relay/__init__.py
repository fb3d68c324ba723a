"""Keeps, orders, hands out, understands nothing."""

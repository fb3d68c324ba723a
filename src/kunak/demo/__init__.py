"""An organisation to try: one invented year of a helpline, played through the real doors.

`year.py` invents it (pure, from a seed), `play.py` lives it (a relay and three desks on this machine), `check.py` walks the way of
one person over HTTP as a browser without JavaScript would.
"""

"""Getting people out: who leaves when, by which leg, to which place, and why not sooner.

From the ground up: `reckoning` (what a scenario and a plan say), `planner` (makes one) and `charts` (draw it), `known` (what the room
knows), `plans` (made, approved, outdated), `carrying` (told leg by leg, checked in), `pages` (all of it at the desk).
"""

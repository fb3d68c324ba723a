"""A scenario and a plan, and what can be told of them without a desk: their formats, whether they can be believed, whether a plan keeps every
rule and what it costs, what it says in words."""

"""The planner brain: a scenario and an effort in; a valid plan, a proven bound and a reason for each who waits out."""

from .effort import Effort
from .planner import Planner, Standing, plan

__all__ = ["Effort", "Planner", "Standing", "plan"]

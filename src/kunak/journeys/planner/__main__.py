"""`python -m kunak.journeys.planner` compiles the planner's inner loops, after an install or an upgrade."""

from .prepare import compile_all

if __name__ == "__main__":
    compile_all()

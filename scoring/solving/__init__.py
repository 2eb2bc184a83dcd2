"""The plan as a whole-number model for a solver, for questions that scoring alone does not answer.

The model is a *relaxation*: whatever answers really do, the model allows, each value within an error that is carried
along. It never is the last word. What the solver proposes is scored by the exact engine, and what the engine refutes is
cut off; so a proposal is right because the engine says so, and the best because the solver shows that the relaxation
allows no better.

This package is the only part of the project that imports OR-tools. ``import scoring`` does not import it.
"""

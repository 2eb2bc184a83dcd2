"""A plan as one straight list of operations on short columns of binary floating point numbers, with proven bounds.

What a hand-written kernel does for one questionnaire, this does for any: the plan is written down once as operations
(*recorded*), with a bound on the error of every number that holds whatever the answers are, and *played* on block after
block. A number that lies nearer to a limit than its bound is taken to lie on it. Where the denominators that can occur
prove that nothing else is possible, that is exact; where they depend on the answers, the few assessments concerned are
looked at again with the denominators they have; and what even that does not prove is left to the other columns.
"""

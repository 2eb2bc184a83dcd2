"""One assessment after another, fast: what was worked out once is not worked out again.

A questionnaire has few different answers to a question, a dimension has few values, and weights are the same as long as
the same children count. So the thorough engine (:mod:`scoring.thorough`) is asked once for each of these, and scoring
an assessment is a matter of looking up, and of adding whole numbers. Every number still comes from the thorough
engine's own functions; what they do not cover in parts, it works out as a whole.
"""

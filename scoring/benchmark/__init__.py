"""Where a factory stands among its peers, and what may be published of a group without giving anybody away.

Everything is exact: values are the stated ones (what a certificate prints), percentiles are fractions. NumPy and SciPy
are loaded only by the search for what published figures would give away (``import scoring`` loads neither).
"""

from scoring.benchmark.groups import EVERYBODY, Group, Member, groups_of, name_of, size_class
from scoring.benchmark.percentiles import (
    Percentile,
    Standing,
    best_in_class,
    percent_rank,
    percentile,
    quartile_of,
    ranks,
    standing,
)
from scoring.benchmark.release import Cell, Peers, Release, release
from scoring.benchmark.together import Change, Earlier, Told, releases
from scoring.benchmark.withholding import derivable, publishable

__all__ = [
    "EVERYBODY",
    "Cell",
    "Change",
    "Earlier",
    "Group",
    "Member",
    "Peers",
    "Percentile",
    "Release",
    "Standing",
    "Told",
    "best_in_class",
    "derivable",
    "groups_of",
    "name_of",
    "percent_rank",
    "percentile",
    "publishable",
    "quartile_of",
    "ranks",
    "release",
    "releases",
    "size_class",
    "standing",
]

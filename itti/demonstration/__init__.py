"""Demonstration data: made-up factories, people and two years of assessments, counted from the day of loading.

Everything is done through the services of the rooms, as the people of the demonstration would have done it, so
all rules hold for it. The data lie in YAML files beside this module.
"""

from itti.demonstration.errors import DatabaseInUse
from itti.demonstration.loading import DemonstrationAccount, accounts, is_loaded, load

__all__ = ["DatabaseInUse", "DemonstrationAccount", "accounts", "is_loaded", "load"]

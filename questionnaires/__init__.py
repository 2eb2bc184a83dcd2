"""The definition language of questionnaires, and the published definitions as data.

Floor 1 of the house: knows what is asked, never how it is scored, shown or stored.
"""

from questionnaires.digest import digest
from questionnaires.loading import load, load_folder, published
from questionnaires.model import Definition

__all__ = ["Definition", "digest", "load", "load_folder", "published"]

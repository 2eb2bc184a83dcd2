"""Questionnaires as workbooks: an .xlsx to fill in offline and back, and definitions written as one.

Needs nothing of how answers are scored: answers come back as plain data in the form they have as a file.
"""

from questionnaires.workbook.authored import Authored, workbook_to_yaml
from questionnaires.workbook.authoring import definition_to_workbook
from questionnaires.workbook.changes import Change, changes
from questionnaires.workbook.faults import WorkbookRefused
from questionnaires.workbook.filled import Filled, Stated
from questionnaires.workbook.reading import read, stated
from questionnaires.workbook.writing import write

__all__ = [
    "Authored",
    "Change",
    "Filled",
    "Stated",
    "WorkbookRefused",
    "changes",
    "definition_to_workbook",
    "read",
    "stated",
    "workbook_to_yaml",
    "write",
]

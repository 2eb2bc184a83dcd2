"""Why a whole workbook is refused. Mistakes in single cells are :class:`questionnaires.mistakes.Mistake`."""

from __future__ import annotations

from questionnaires.errors import Fault


class WorkbookRefused(Fault):
    """Base of everything for which a workbook is not read at all."""

    code = "workbook-refused"


class NotAWorkbook(WorkbookRefused):
    """The file is no .xlsx: another kind of file, or damaged. Details: ``problem``."""

    code = "workbook-not-one"


class WorkbookEncrypted(WorkbookRefused):
    """The file has a password, or is an .xls of before 2007; both begin alike."""

    code = "workbook-encrypted"


class WorkbookWithMacros(WorkbookRefused):
    """The file carries programs (.xlsm); nothing here ever runs or keeps them."""

    code = "workbook-macros"


class WorkbookTooLarge(WorkbookRefused):
    """More than any workbook of ours can hold. Details: ``what`` (place and number), ``limit``."""

    code = "workbook-too-large"


class WorkbookHostile(WorkbookRefused):
    """A construct no spreadsheet program writes: document types, entities, entries of the same name."""

    code = "workbook-hostile"


class NotOurWorkbook(WorkbookRefused):
    """An .xlsx, but not one that this project made, or its hidden sheet is gone."""

    code = "workbook-not-ours"


class OtherFamily(WorkbookRefused):
    """The workbook belongs to another questionnaire. Details: ``stated``, ``expected``."""

    code = "workbook-other-family"


class OtherVersion(WorkbookRefused):
    """The workbook belongs to another version. Details: ``family``, ``stated``, ``expected`` (version numbers)."""

    code = "workbook-other-version"


class OtherDigest(WorkbookRefused):
    """Same family and version, but other texts or weights than here. Details: ``name``, ``stated``, ``expected``."""

    code = "workbook-other-digest"


class NotAnAuthorsWorkbook(WorkbookRefused):
    """An .xlsx without the sheet ``definition``: not one that states a questionnaire."""

    code = "workbook-not-authors"

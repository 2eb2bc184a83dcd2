"""The front door of this room for pages, the command line and other rooms.

:class:`Office` comes first: what certificates are issued and verified with.
"""

from itti.certificates.credentials import StatusLists, credential, issuer_document, status_of
from itti.certificates.office import Office, OfficeOf, office_of
from itti.certificates.register import (
    Download,
    Filters,
    Standing,
    answers_json,
    entry,
    entry_of_file,
    files,
    has_short_papers,
    listed,
    may_read,
    of_assessment,
    paper,
    revoke,
    scorecard,
    scorecard_csv,
    scorecard_json,
    scorecard_xlsx,
    standing,
    tidy,
)
from itti.certificates.verification import (
    RegisterFinding,
    RegisterState,
    Verification,
    ask_register,
    combine,
    entry_finding,
    examine,
    verify,
)
from itti.certificates.watch import Notice, notices

__all__ = [
    "Download",
    "Filters",
    "Notice",
    "Office",
    "OfficeOf",
    "RegisterFinding",
    "RegisterState",
    "Standing",
    "StatusLists",
    "Verification",
    "answers_json",
    "ask_register",
    "combine",
    "credential",
    "entry",
    "entry_finding",
    "entry_of_file",
    "examine",
    "files",
    "has_short_papers",
    "issuer_document",
    "listed",
    "may_read",
    "notices",
    "of_assessment",
    "office_of",
    "paper",
    "revoke",
    "scorecard",
    "scorecard_csv",
    "scorecard_json",
    "scorecard_xlsx",
    "standing",
    "status_of",
    "tidy",
    "verify",
]

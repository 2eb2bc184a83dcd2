"""The scorecard of an assessment as a file to take away: which form is asked for, and its content."""

from typing import Final, Literal

from starlette.responses import Response

from itti.http.accepting import preferred
from itti.http.errors import NotAcceptable
from questionnaires.model import Definition
from reports import spreadsheet, table
from reports.beside import Targets
from scoring import Scorecard

Form = Literal["json", "csv", "xlsx"]

_MEDIA_TYPES: Final[dict[Form, str]] = {
    "json": "application/json",
    "csv": table.MEDIA_TYPE,
    "xlsx": spreadsheet.MEDIA_TYPE,
}


def negotiated(accept: str) -> Form:
    """The form that a header ``Accept`` would rather have; JSON where it is as welcome as the others.

    Raises:
        NotAcceptable: it allows none.
    """
    media = preferred(accept, list(_MEDIA_TYPES.values()))
    if media is None:
        raise NotAcceptable
    return next(form for form, known in _MEDIA_TYPES.items() if known == media)


def taken(
    form: Form, scorecard: Scorecard, definition: Definition, language: str, targets: Targets | None = None
) -> Response:
    """The scorecard in that form; as a table under headings in ``language`` beside the targets, as an attachment."""
    varies = {"Vary": "Accept, Accept-Language"}
    if form == "json":
        return Response(scorecard.to_json(), media_type=_MEDIA_TYPES[form], headers=varies)
    written = spreadsheet.to_xlsx if form == "xlsx" else table.to_csv
    name = f'attachment; filename="scorecard.{form}"'
    headers = {"Content-Language": language, "Content-Disposition": name, **varies}
    return Response(written(scorecard, definition, language, targets), media_type=_MEDIA_TYPES[form], headers=headers)

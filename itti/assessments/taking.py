"""The scorecard of an assessment as a file to take away: which form is asked for, and its content."""

from typing import Final, Literal

from starlette.responses import Response

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
    """The form that a header ``Accept`` asks for: JSON if it may be JSON, else what it names.

    Raises:
        NotAcceptable: it allows none.
    """
    accepted = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    if accepted & {"application/json", "application/*", "*/*", ""}:
        return "json"
    if spreadsheet.MEDIA_TYPE in accepted:
        return "xlsx"
    if accepted & {table.MEDIA_TYPE, "text/*"}:
        return "csv"
    raise NotAcceptable


def taken(
    form: Form, scorecard: Scorecard, definition: Definition, language: str, targets: Targets | None = None
) -> Response:
    """The scorecard in that form; as a table under headings in ``language`` beside the targets, as an attachment."""
    if form == "json":
        return Response(scorecard.to_json(), media_type=_MEDIA_TYPES[form])
    written = spreadsheet.to_xlsx if form == "xlsx" else table.to_csv
    headers = {"Content-Language": language, "Content-Disposition": f'attachment; filename="scorecard.{form}"'}
    return Response(written(scorecard, definition, language, targets), media_type=_MEDIA_TYPES[form], headers=headers)

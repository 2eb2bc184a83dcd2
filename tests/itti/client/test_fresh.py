"""The client says what the API's description says: operations, parameters, bodies, and what comes back."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, get_args, get_origin, get_type_hints
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from itti.client import Client
from itti.client.views import IssuedToken, Sent
from tests.itti.conftest import description

LEFT_OUT: Final[Mapping[str, str]] = {
    name: reason
    for reason, names in {
        "Client.sign_in does it": "createToken",
        "a person does it at a browser": """beginPasskeyToken createTokenByPasskey listPasskeys addPasskey beginPasskey
            removePasskey listIdentities unlinkIdentity readProof prove beginProof choosePassword recoverPassword
            changePassword changeTime changeLanguage listSessions endOthers endSession readSecondFactor
            beginSecondFactor confirmSecondFactor renewRecoveryCodes removeSecondFactor readOwnData
            makePersonalToken""",
        "the programme office's": """listColleagues registerColleague invite withdrawInvitation renewPassword
            closeAccount resetSecondFactor registerBody readBody changeBody registerAssessor readAssessor
            listAccreditations accreditAssessor listBodyAccreditations accreditBody withdrawAccreditation
            suspendAccreditation reinstateAccreditation registerFactory changeFactory listFactoryPeople
            registerFactoryPerson listEngagements enterEngagement strikeEngagement listSecondAssessments
            chooseForSecondAssessment assignSecondAssessment readAgreement listArchiveCopies downloadArchiveCopy
            listNotices revokeCertificate listPapersUnderWay retryPapers listActs listMessages retryMessage
            erasePerson setToolKeeper listResultExports askForResults readResultExport downloadResults
            readResultDictionary""",
        "the reviewer's, who reads pages": "beginComment readReview resolveComment reopenComment",
        "a choice that is made once, at a page": """listEarlierAssessments carryOver previewCarryOver readTargets
            enterTargets""",
        "a body's, about its machines": """listMachines registerMachine readMachine rotateSecret revokeMachine
            setMachineKeys""",
        "with partners there is an exchange of its own, after a standard that has clients": """listFootprintPartners
            enterFootprintPartner readFootprintPartner removeFootprintPartner requestFootprints listFootprintMessages
            retryFootprintMessage listFootprintEvents readFootprintEvent""",
        "each form has a method of its own": "downloadCertifiedScorecard",
        "for checks of the register as a whole": """listAccreditedBodies readStatusList readRecordHead
            proveConsistency listActsOfAssessment proveCertificate""",
    }.items()
    for name in names.split()
}
"""Operations without a method, each with the reason; ``client.wire.send`` reaches them."""

FURTHER: Final = {"download_scorecard": "readScorecard", "follow": "readEvents"}
"""Methods beside the one that has the operation's own name."""

OURS: Final = {"self", "tag", "to", "file", "pdf", "name", "form"}
"""Parameters of methods that are no field of the request."""

THEIRS: Final = {"limit", "after", "format", "fields"}
"""Parameters of requests that the client takes care of."""


@dataclass(frozen=True)
class Operation:
    """One operation of the description."""

    name: str
    method: str
    path: str
    said: dict[str, Any]

    @property
    def is_covered(self) -> bool:
        """Whether the client has a method for it."""
        return hasattr(Client, snake(self.name))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return description()


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> list[Operation]:
    return [
        Operation(said["operationId"], method.upper(), path, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", name).lower()


def methods() -> set[str]:
    """The names of the client's methods for operations."""
    own = {"wire", "sign_in", "of_machine", "close"}
    return {name for name in dir(Client) if not name.startswith("_")} - own - FURTHER.keys()


def schema_of(said: Mapping[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """``said`` itself, or what it refers to."""
    if "$ref" in said:
        found: dict[str, Any] = document["components"]["schemas"][said["$ref"].rpartition("/")[2]]
        return found
    return dict(said)


def body_of(operation: Operation, document: dict[str, Any]) -> dict[str, Any]:
    content = operation.said.get("requestBody", {}).get("content", {})
    return schema_of(next(iter(content.values()))["schema"], document)["properties"] if content else {}


def sample(said: Mapping[str, Any], document: dict[str, Any]) -> Any:
    """A value that ``said`` allows: its example where there is one."""
    if said.get("examples"):
        return said["examples"][0]
    for choice in said.get("anyOf") or said.get("allOf") or ():
        return sample(choice, document)
    if "$ref" in said:
        return sample(schema_of(said, document), document)
    match said.get("type"):
        case "object":
            return {name: sample(each, document) for name, each in said.get("properties", {}).items()}
        case "array":
            return [sample(said["items"], document)]
        case "integer":
            return 3
        case "boolean":
            return True
    return said.get("enum", ["text"])[0]


def test_every_operation_has_a_method_or_a_reason(operations: list[Operation]) -> None:
    covered = {operation.name for operation in operations if operation.is_covered}
    uncovered = {operation.name for operation in operations} - covered
    assert uncovered == LEFT_OUT.keys(), "write a method in itti/client, or a reason in LEFT_OUT"
    assert methods() == {snake(name) for name in covered}, "methods whose operation is gone"


def test_parameters_are_those_of_the_operation(operations: list[Operation], document: dict[str, Any]) -> None:
    for operation in filter(lambda each: each.is_covered, operations):
        parameters = operation.said.get("parameters", [])
        named = {each["name"] for each in parameters if each["in"] != "header"} - THEIRS
        fields = body_of(operation, document).keys() - OURS
        taken = inspect.signature(getattr(Client, snake(operation.name))).parameters.keys() - OURS - THEIRS
        assert taken == named | fields, operation.name


def arguments(operation: Operation, document: dict[str, Any]) -> dict[str, Any]:
    """What the method is called with: the examples of the description."""
    said = {each["name"]: each["schema"] for each in operation.said.get("parameters", []) if each["in"] != "header"}
    said |= body_of(operation, document)
    signature = inspect.signature(getattr(Client, snake(operation.name))).parameters.keys() - {"self", "tag"}
    ready: dict[str, Any] = {"to": BytesIO(), "file": b"%PDF-1.7", "pdf": b"%PDF-1.7", "name": "a.pdf"}
    return {name: ready[name] if name in ready else sample(said[name], document) for name in signature}


def answer_to(operation: Operation, document: dict[str, Any]) -> httpx2.Response:
    """What the service would send, made of examples."""
    status, said = next((int(status), said) for status, said in operation.said["responses"].items() if status[0] == "2")
    content = said.get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        return httpx2.Response(status, content=b"" if status == 204 else b"{}")
    return httpx2.Response(status, text=json.dumps(sample(schema, document)), headers={"ETag": '"7"'})


def test_requests_are_those_of_the_description(operations: list[Operation], document: dict[str, Any]) -> None:
    seen: list[httpx2.Request] = []
    for operation in filter(lambda each: each.is_covered, operations):
        answer = answer_to(operation, document)

        def serve(request: httpx2.Request, answer: httpx2.Response = answer) -> httpx2.Response:
            seen.append(request)
            return answer

        given = arguments(operation, document)
        with httpx2.Client(transport=httpx2.MockTransport(serve)) as http:
            found = getattr(Client("http://service", "a token", http=http), snake(operation.name))(**given)
            if isinstance(found, Iterator):
                assert len(list(found)) == 1, operation.name
        request = seen.pop()
        assert request.method == operation.method, operation.name
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(operation.path))
        address = urlsplit(str(request.url))
        assert re.fullmatch(pattern, address.path), operation.name
        allowed = {each["name"] for each in operation.said.get("parameters", []) if each["in"] == "query"}
        assert parse_qs(address.query).keys() <= allowed, operation.name
        assert allowed & given.keys() <= parse_qs(address.query).keys(), operation.name
        if request.headers.get("content-type") == "application/json":
            sent = json.loads(request.content)
            assert sent == {name: given[name] for name in sent}, operation.name
            fields = body_of(operation, document).keys()
            assert sent.keys() == {name for name in fields if given[name] is not None}, operation.name


def views(kind: type[Sent] = Sent) -> Iterator[type[Sent]]:
    for each in kind.__subclasses__():
        yield each
        yield from views(each)


VIEWS: Final = sorted((each for each in views() if hasattr(each, "schema_name")), key=lambda each: each.schema_name)


@pytest.mark.parametrize("view", VIEWS, ids=[each.schema_name for each in VIEWS])
def test_what_is_sent_is_read_whole(view: type[Sent], document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"][view.schema_name]
    fields = {field.alias or name: field for name, field in view.model_fields.items()}
    assert fields.keys() == schema["properties"].keys()
    assert {name for name, field in fields.items() if field.is_required()} == set(schema.get("required", ()))
    assert "float" not in str([field.annotation for field in fields.values()])
    assert view.model_validate(sample(schema, document)).model_fields_set == view.model_fields.keys()


def test_methods_give_the_views_of_their_operations(operations: list[Operation]) -> None:
    for operation in filter(lambda each: each.is_covered, operations):
        given = get_type_hints(getattr(Client, snake(operation.name)))["return"]
        view = get_args(given)[0] if get_origin(given) is Iterator else given
        if isinstance(view, type) and issubclass(view, Sent):
            said = json.dumps([each for status, each in operation.said["responses"].items() if status[0] == "2"])
            names = set(re.findall(r"schemas/(?:Page_)?(\w+?)_?\"", said))
            assert view.schema_name in names, operation.name


def test_signing_in_reads_an_issued_token() -> None:
    assert IssuedToken.schema_name == "IssuedTokenView"


def test_importing_it_loads_nothing_of_the_service() -> None:
    code = (
        "import sys, itti.client; rooms = {each for each in sys.modules if each.startswith('itti.')};"
        "print(sorted(each for each in rooms if not each.startswith('itti.client')),"
        "sorted({'questionnaires', 'scoring', 'reports', 'fastapi', 'starlette', 'sqlalchemy'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "[]"]

"""What the description of the API says once of what many operations share: tags, names in addresses, who may ask."""

from __future__ import annotations

from typing import Any, Final

from questionnaires import wording

_ROOM: Final = "itti.http"
_LICENCE: Final = {"name": "Apache-2.0", "identifier": "Apache-2.0"}


def complete(document: dict[str, Any]) -> None:
    """Say in ``document`` under which licence it is, where it is served, what its tags and names in paths mean.

    What is open to everybody says so (``security: []``), instead of keeping silent about it.
    """
    document["info"]["license"] = dict(_LICENCE)
    document["servers"] = [{"url": "/", "description": wording.say(_ROOM, "openapi.server")}]
    used: dict[str, None] = {}
    for path in [*document["paths"].values(), *document.get("webhooks", {}).values()]:
        for operation in path.values():
            operation.setdefault("security", [])
            if "tags" in operation:
                operation["tags"] = list(dict.fromkeys(operation["tags"]))
                used |= dict.fromkeys(operation["tags"])
            for parameter in operation.get("parameters", []):
                _describe(parameter)
    _share_examples(document)
    document["tags"] = [{"name": tag, "description": _said(f"openapi.tag.{tag}")} for tag in used]


def _share_examples(document: dict[str, Any]) -> None:
    """Say the example of each problem once; operations refer to it. Else they would be half of the description."""
    shared = document["components"].setdefault("examples", {})
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                for content in response.get("content", {}).values() if status >= "400" else ():
                    for code, example in content["examples"].items():
                        if shared.setdefault(code, example) == example:
                            content["examples"][code] = {"$ref": f"#/components/examples/{code}"}


def _describe(parameter: dict[str, Any]) -> None:
    if parameter["in"] == "path" and "description" not in parameter:
        parameter["description"] = _said(f"openapi.path.{parameter['name']}")


def _said(key: str) -> str:
    """The sentence, or nothing where there is none: the linter of the description finds what says nothing."""
    return wording.say(_ROOM, key) if key in wording.catalogue(_ROOM, "en") else ""

"""What a refusal looks like at the API, checked in one place."""

from __future__ import annotations

from typing import Any

import httpx2


def problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of ``answer``, which must be one of that status and code and whole in itself."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code, document
    assert document["type"] == f"/problems/{code}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert "{" not in document["detail"], "a placeholder was left open"
    assert document["request_id"] == answer.headers["x-request-id"]
    return document


def pointers(document: dict[str, Any]) -> dict[str, str]:
    """Where the mistakes of a problem are → of what kind."""
    return {error["pointer"]: error["code"] for error in document["errors"]}

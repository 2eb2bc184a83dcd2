"""DSS and Poppler's pdfsig: are the signatures of a file sound?"""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.judges.absence import need
from tests.judges.conversation import conversation


@dataclass(frozen=True)
class DssSignature:
    """DSS's verdict on one signature, by ETSI EN 319 102-1.

    `indication` is "TOTAL_PASSED", "INDETERMINATE" or "TOTAL_FAILED"; `sub_indication` says why ("" if passed).
    Without any revocation data in the file the best that a signature can reach is INDETERMINATE / TRY_LATER.
    """

    indication: str
    sub_indication: str
    format: str  # "PAdES-BASELINE-B", "-T", "-LT", "-LTA", as DSS names it
    signed_by: str
    intact: bool  # the signature's mathematics hold, whoever the signer is
    scopes: tuple[str, ...]  # ("FULL",) when it covers the whole file, ("PARTIAL",) when something was appended
    changed_after: bool  # objects of the PDF were changed after signing
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class DssResult:
    """DSS's verdict on one file."""

    path: Path
    signatures: tuple[DssSignature, ...]  # in the file's order; empty when it is not signed


def dss(path: Path, *, trusted: tuple[Path, ...] = ()) -> DssResult:
    """Ask DSS about the file's signatures; `trusted` are certificates (PEM or DER) to take for trust anchors.

    Nothing is fetched: only what the file itself brings counts. The test is skipped when DSS is absent.

    Raises:
        JudgeFailed: if DSS cannot read the file or a certificate.
    """
    need("dss")
    answer = conversation("dss").ask(path.resolve(strict=True), *(one.resolve(strict=True) for one in trusted))
    return DssResult(path, tuple(_dss_signature(found) for found in answer["signatures"]))


def _dss_signature(found: dict[str, object]) -> DssSignature:
    lists_as_tuples = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return DssSignature(**lists_as_tuples)  # type: ignore[arg-type]  # the Java side names the same fields


@dataclass(frozen=True)
class PdfsigSignature:
    """What pdfsig says of one signature."""

    valid: bool  # "Signature is Valid."
    whole_document: bool  # "Total document signed": nothing was appended afterwards
    verdict: str  # its sentence on the signature
    signer: str  # common name of the signer's certificate
    kind: str  # "ETSI.CAdES.detached" for PAdES


@dataclass(frozen=True)
class PdfsigResult:
    """pdfsig's verdict on one file."""

    path: Path
    signatures: tuple[PdfsigSignature, ...]
    output: str


def pdfsig(path: Path) -> PdfsigResult:
    """Ask Poppler about the file's signatures (whom to trust is not asked: it knows only the public web's CAs).

    Poppler does not judge DocMDP: a change after signing leaves `valid` true and makes `whole_document` false.
    The test is skipped when pdfsig is absent.
    """
    need("pdfsig")
    run = subprocess.run(
        ["pdfsig", "-nocert", str(path)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    output = run.stdout + run.stderr
    blocks = re.split(r"^Signature #\d+:$", run.stdout, flags=re.MULTILINE)[1:]
    return PdfsigResult(path, tuple(_pdfsig_signature(block) for block in blocks), output)


def _pdfsig_signature(block: str) -> PdfsigSignature:
    said = dict(re.findall(r"^ +- ([^:\n]+): (.*)$", block, flags=re.MULTILINE))
    verdict = said.get("Signature Validation", "")
    return PdfsigSignature(
        valid=verdict == "Signature is Valid.",
        whole_document="- Total document signed" in block,
        verdict=verdict,
        signer=said.get("Signer Certificate Common Name", ""),
        kind=said.get("Signature Type", ""),
    )

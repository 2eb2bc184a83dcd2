"""Judges of PDFs, workbooks and the API that others wrote, asked by the tests whether these are what we say.

| judge | asks | answers |
| --- | --- | --- |
| `verapdf` | veraPDF | does the file keep PDF/A-3a ("3a"), PDF/UA-1 ("ua1")? |
| `dss` | the EU's DSS library | is each signature sound, by the European rules (ETSI EN 319 102-1)? |
| `pdfsig` | Poppler | is each signature valid, does it cover the whole file? |
| `qpdf_check` | qpdf | is the file whole? |
| `softhsm` | SoftHSM | does sealing work with a key on a PKCS#11 token? |
| `poi` | Apache POI | does each part of a workbook keep its schema of ECMA-376? what stands in it? |
| `openxml` | Microsoft's Open XML SDK | would Excel open a workbook without a repair? |
| `redocly` | Redocly's linter | does the description of the API keep OpenAPI 3.1 and good habits (node/redocly.yaml)? |

`./run test` sets all of them up. A test simply asks; when a judge is absent the question skips the test, and the
last lines of the run name the judge. Only those in Java and JavaScript may be absent, and only while Maven or npm
cannot reach its registry; anything else missing is a failure under CI=true (see `tests.judges.plugin`).
"""

from tests.judges.absence import Absence, missing, need
from tests.judges.descriptions import Finding, redocly
from tests.judges.signatures import (
    DssResult,
    DssSignature,
    PdfsigResult,
    PdfsigSignature,
    dss,
    pdfsig,
)
from tests.judges.standards import Failure, Flavour, VeraResult, verapdf, verapdf_all
from tests.judges.structure import QpdfResult, qpdf_check
from tests.judges.workbooks import PoiResult, openxml, poi, poi_fills, poi_reads

__all__ = [
    "Absence",
    "DssResult",
    "DssSignature",
    "Failure",
    "Finding",
    "Flavour",
    "PdfsigResult",
    "PdfsigSignature",
    "PoiResult",
    "QpdfResult",
    "VeraResult",
    "dss",
    "missing",
    "need",
    "openxml",
    "pdfsig",
    "poi",
    "poi_fills",
    "poi_reads",
    "qpdf_check",
    "redocly",
    "verapdf",
    "verapdf_all",
]

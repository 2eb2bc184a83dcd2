"""Judges of PDFs and workbooks that others wrote, asked by the tests whether our files are what we say they are.

| judge | asks | answers |
| --- | --- | --- |
| `verapdf` | veraPDF | does the file keep PDF/A-3a ("3a"), PDF/UA-1 ("ua1")? |
| `dss` | the EU's DSS library | is each signature sound, by the European rules (ETSI EN 319 102-1)? |
| `pdfsig` | Poppler | is each signature valid, does it cover the whole file? |
| `qpdf_check` | qpdf | is the file whole? |
| `softhsm` | SoftHSM | does sealing work with a key on a PKCS#11 token? |
| `poi` | Apache POI | does each part of a workbook keep its schema of ECMA-376? what stands in it? |

`./run test` sets all of them up. A test simply asks; when a judge is absent the question skips the test, and the
last lines of the run name the judge. Only veraPDF, DSS and POI may be absent, and only while Maven cannot reach its
registry; anything else missing is a failure under CI=true (see `tests.judges.plugin`).
"""

from tests.judges.absence import Absence, missing, need
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
from tests.judges.workbooks import PoiResult, poi, poi_fills, poi_reads

__all__ = [
    "Absence",
    "DssResult",
    "DssSignature",
    "Failure",
    "Flavour",
    "PdfsigResult",
    "PdfsigSignature",
    "PoiResult",
    "QpdfResult",
    "VeraResult",
    "dss",
    "missing",
    "need",
    "pdfsig",
    "poi",
    "poi_fills",
    "poi_reads",
    "qpdf_check",
    "verapdf",
    "verapdf_all",
]

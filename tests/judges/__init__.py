"""Judges of PDFs that others wrote, asked by the tests whether our certificates are what we say they are.

| judge | asks | answers |
| --- | --- | --- |
| `verapdf` | veraPDF | does the file keep PDF/A-3a ("3a"), PDF/UA-1 ("ua1")? |
| `dss` | the EU's DSS library | is each signature sound, by the European rules (ETSI EN 319 102-1)? |
| `pdfsig` | Poppler | is each signature valid, does it cover the whole file? |
| `qpdf_check` | qpdf | is the file whole? |

`./run test` sets all of them up. A test simply asks; when a judge is absent the question skips the test, and the
last lines of the run name the judge. Only veraPDF and DSS may be absent, and only while Maven cannot reach its
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

__all__ = [
    "Absence",
    "DssResult",
    "DssSignature",
    "Failure",
    "Flavour",
    "PdfsigResult",
    "PdfsigSignature",
    "QpdfResult",
    "VeraResult",
    "dss",
    "missing",
    "need",
    "pdfsig",
    "qpdf_check",
    "verapdf",
    "verapdf_all",
]

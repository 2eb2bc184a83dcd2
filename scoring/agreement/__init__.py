"""Do assessors agree: raw agreement, kappas, Krippendorff's alpha, intraclass correlations, Cronbach's alpha, leniency.

Every coefficient is computed in exact rational arithmetic; binary floats begin where its standard error and interval
do, for those need roots and distributions. A coefficient that is not defined for the ratings given is None with the
reason, never NaN. None of these figures ever reaches a certificate.

Imported on its own (``import scoring.agreement``): ``import scoring`` loads neither NumPy nor SciPy.
"""

from scoring.agreement.cohen import Kappa, Weighting, cohen_kappa, table_of
from scoring.agreement.estimates import Estimate, Why
from scoring.agreement.fleiss import counts_of, fleiss_kappa, randolph_kappa, raw_agreement
from scoring.agreement.intraclass import IntraclassCorrelation, IntraclassForm, cronbach_alpha, intraclass_correlations
from scoring.agreement.krippendorff import Scale, krippendorff_alpha
from scoring.agreement.leniency import Leniency, leniencies
from scoring.agreement.ratings import NegativeRatings, NotATable, Ratings, TooFewRaters, units_of

__all__ = [
    "Estimate",
    "IntraclassCorrelation",
    "IntraclassForm",
    "Kappa",
    "Leniency",
    "NegativeRatings",
    "NotATable",
    "Ratings",
    "Scale",
    "TooFewRaters",
    "Weighting",
    "Why",
    "cohen_kappa",
    "counts_of",
    "cronbach_alpha",
    "fleiss_kappa",
    "intraclass_correlations",
    "krippendorff_alpha",
    "leniencies",
    "randolph_kappa",
    "raw_agreement",
    "table_of",
    "units_of",
]

"""Published maturity models written in the definition language, as data, with the scores they must give."""

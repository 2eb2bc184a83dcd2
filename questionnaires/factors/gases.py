"""The gases that factors can state apart, and which of them stand for the same molecule."""

from __future__ import annotations

from typing import Final

KYOTO: Final = (
    "co2",
    "ch4",
    "ch4-fossil",
    "n2o",
    "sf6",
    "nf3",
    "cf4",
    "c2f6",
    "c3f8",
    "hfc-23",
    "hfc-32",
    "hfc-125",
    "hfc-134a",
    "hfc-143a",
    "hfc-152a",
    "hfc-227ea",
    "hfc-236fa",
    "hfc-245fa",
    "hfc-365mfc",
)
"""Gases of the Kyoto basket; ``ch4`` is methane of unknown origin."""

BIOGENIC: Final = ("co2-biogenic", "ch4-biogenic", "n2o-biogenic")
"""From matter that grew lately; carbon dioxide among them is told apart and never added up with the rest."""

APART: Final = ("hcfc-22", "hcfc-141b", "cfc-11", "cfc-12", "so2f2")
"""Outside the Kyoto basket (the Montreal Protocol's gases and sulfuryl fluoride): told apart, never added up."""

GASES: Final = (*KYOTO, *BIOGENIC, *APART)
"""Every gas that a factor or an inventory can name."""

METHANES: Final = ("ch4-fossil", "ch4-biogenic")
"""Methane whose origin is known."""

SAME_POTENTIAL: Final = {"co2-biogenic": "co2", "n2o-biogenic": "n2o"}
"""Gas → the gas under whose name its warming potential is published."""

"""Footprints as pages: what one has and was given, who may read it, and the partners it is shared with."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.calendar.zones import day_in
from itti.footprints import event_pages, partners, service
from itti.footprints.product import CarbonFootprint, ProductFootprint
from itti.footprints.schemas import PartnerInput, footprint_of
from itti.footprints.shown import NewPartner
from itti.http.paging import PagingOf
from itti.programme import day_of, rules
from itti.web.forms import Form, Posted, taken, typed
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault

router = APIRouter()
router.include_router(event_pages.router)

PAGE: Final = "/footprints"
PARTNERS: Final = "/footprint-partners"
_ONE: Final = f"{PAGE}/{{footprint_id}}"
_NEW: Final = ("name", "licence", "base_url", "token_url", "client_id", "client_secret")
_TICKED: Final = "partner."

KILOGRAMS: Final = (
    "pcf_excluding_biogenic_uptake",
    "pcf_including_biogenic_uptake",
    "fossil_ghg_emissions",
    "land_use_change_ghg_emissions",
    "land_management_biogenic_co2_emissions",
    "land_management_biogenic_co2_removals",
    "technological_co2_removals",
    "ccs_technological_co2_capture",
    "biogenic_non_co2_emissions",
    "biogenic_co2_uptake",
    "packaging_ghg_emissions",
    "outbound_logistics_ghg_emissions",
    "aircraft_ghg_emissions",
)
"""Numbers in kg CO2e that the page of a footprint shows; words under ``footprint.number.<name>``."""


@router.get(PAGE)
def list_footprints(visit: Member, paging: PagingOf) -> Response:
    """One's own, and those that were shared, the newest first."""
    found = service.footprints(visit.session, visit.act, paging)
    zone = rules(visit.session).zone
    rows = [(each, footprint_of(each.row), day_in(zone, each.row.valid_until)) for each in found.rows]
    more = None if found.after is None else f"{PAGE}?after={found.after}"
    return visit.show("footprints/list.html", rows=rows, next_page=more)


@router.get(_ONE)
def show_footprint(footprint_id: UUID, visit: Member) -> Response:
    """One of them."""
    return _one(visit, service.one(visit.session, visit.act, footprint_id))


@router.post(f"{_ONE}/partners")
def share_footprint(footprint_id: UUID, posted: Posted, visit: Member) -> Response:
    """Say who may read it."""
    chosen = [name.removeprefix(_TICKED) for name in posted if name.startswith(_TICKED)]
    own = {str(each.id): each.id for each in partners.partners(visit.session, visit.act)}
    service.share(visit.session, visit.act, footprint_id, [own[name] for name in chosen if name in own])
    return visit.go(f"{PAGE}/{footprint_id}", "footprint-shared")


@router.post(f"{_ONE}/deprecation")
def deprecate_footprint(footprint_id: UUID, visit: Member) -> Response:
    """Say that it is not to be used any more."""
    service.deprecate(visit.session, visit.act, footprint_id)
    return visit.go(f"{PAGE}/{footprint_id}", "footprint-deprecated")


@router.get(PARTNERS)
def list_partners(visit: Member) -> Response:
    """Whom footprints are shared with, and a form for another one."""
    return _partners(visit)


@router.post(PARTNERS)
def enter_partner(posted: Posted, visit: Member) -> Response:
    """Enter one; its secret is shown on the page that answers, and never again."""
    signs_in = bool(posted.get("signs_in"))
    try:
        given = taken(PartnerInput, posted, _NEW, defaults={"signs_in": signs_in})
        made = partners.enter(visit.session, visit.act, visit.settings, given)
    except Fault as fault:
        visit.undo(fault)
        values = typed(posted, _NEW[:-1]) | {"signs_in": signs_in}
        return _partners(visit, getattr(fault, "status", 422), Form.refused(values, fault, visit.language))
    return _partners(visit, 201, made=made)


@router.post(f"{PARTNERS}/{{partner_id}}/removal")
def remove_partner(partner_id: UUID, visit: Member) -> Response:
    """Have nothing to do with one any more."""
    partners.end(visit.session, visit.act, partner_id)
    return visit.go(PARTNERS, "footprint-partner-removed")


def _one(visit: Visit, found: service.Shown) -> Response:
    footprint = footprint_of(found.row)
    mine = partners.partners(visit.session, visit.act) if found.own else ()
    return visit.show(
        "footprints/one.html",
        shown=found,
        footprint=footprint,
        place=_place(footprint),
        numbers=[(name, value) for name in KILOGRAMS if (value := getattr(footprint.pcf, name)) is not None],
        partners=[(str(each.id), each.name) for each in mine],
        form=Form({"partners": [str(each) for each in found.partners]}),
        valid=tuple(day_of(visit.session, moment) for moment in (found.row.valid_from, found.row.valid_until)),
    )


def _place(footprint: ProductFootprint) -> str | None:
    pcf: CarbonFootprint = footprint.pcf
    return pcf.geography_country_subdivision or pcf.geography_country or pcf.geography_region_or_subregion


def _partners(visit: Visit, status: int = 200, form: Form | None = None, made: NewPartner | None = None) -> Response:
    return visit.show(
        "footprints/partners.html",
        status,
        partners=partners.partners(visit.session, visit.act),
        made=made,
        form=form or Form({"signs_in": True}),
    )

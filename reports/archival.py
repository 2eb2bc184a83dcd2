"""What makes a PDF last: the seal's tagged field, and writing the file so that it is small, fixed and fast to check.

Object streams of a hundred objects matter: with everything in one stream, as the typesetter writes it, checking
a seal takes half a minute instead of a second.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pikepdf

UA_IDENTIFICATION: Final = b"""
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about="" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about="" \
xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the document conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
"""PDF/UA-1 claim for the XMP packet, with the extension schema by which PDF/A allows it."""


def saved(document: pikepdf.Pdf) -> bytes:
    """The document as bytes: the same for the same content."""
    import pikepdf

    out = io.BytesIO()
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def is_signed(document: pikepdf.Pdf) -> bool:
    """True when any signature field is filled."""
    form = document.Root.get("/AcroForm")
    if form is None:
        return False
    return any("/V" in field and field.get("/FT") == "/Sig" for field in form.get("/Fields", []))


def has_field(document: pikepdf.Pdf, name: str) -> bool:
    """True when a form field of that name exists."""
    form = document.Root.get("/AcroForm")
    return form is not None and any(str(field.get("/T", "")) == name for field in form.get("/Fields", []))


def add_seal_field(
    document: pikepdf.Pdf,
    name: str,
    *,
    rectangle: tuple[float, float, float, float] = (0, 0, 0, 0),
    words: str = "Electronic seal",
) -> None:
    """Put an empty signature field on the first page, tagged as PDF/UA asks; nothing if it is there already.

    Args:
        document: the PDF to change.
        name: name of the field.
        rectangle: left, bottom, right and top in points; all zero for an invisible field.
        words: what a screen reader says for it.
    """
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    if has_field(document, name):
        return
    page = document.pages[0].obj
    size = [rectangle[2] - rectangle[0], rectangle[3] - rectangle[1]]
    look = pikepdf.Stream(document, b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, *size]))
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(name),
            TU=String(words),
            F=132,  # print, locked
            Rect=Array(list(rectangle)),
            P=page,
            AP=Dictionary(N=document.make_indirect(look)),
        )
    )
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(field)
    if "/AcroForm" not in document.Root:
        document.Root.AcroForm = Dictionary(Fields=Array())
    document.Root.AcroForm.Fields.append(field)
    _tag(document, page, field)


def _tag(document: pikepdf.Pdf, page: pikepdf.Object, field: pikepdf.Object) -> None:
    """Name the field in the structure tree, as the last element of the document."""
    from pikepdf import Array, Dictionary, Name

    tree = document.Root.get("/StructTreeRoot")
    if tree is None:
        return
    parent = tree.K[0] if isinstance(tree.K, Array) else tree.K
    element = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=page,
            K=Dictionary(Type=Name.OBJR, Obj=field, Pg=page),
        )
    )
    parent.K.append(element)
    numbers = tree.ParentTree.Nums
    key = int(numbers[len(numbers) - 2]) + 1 if len(numbers) else 0  # they stand in rising order (ISO 32000-1, 7.9.7)
    numbers.append(key)
    numbers.append(element)
    field.StructParent = key

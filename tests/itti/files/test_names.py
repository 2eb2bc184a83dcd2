"""Names that people send: cleaned for reading, and written into headers without harm."""

import pytest

from itti.files import names


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\evil.pdf", "evil.pdf"),
        ("/absolute/path/report.pdf", "report.pdf"),
        ("C:\\Users\\me\\audit.xlsx", "audit.xlsx"),
        ("..", "file"),
        ("", "file"),
        ("   ", "file"),
        (".htaccess", "htaccess"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066hidden\u2069.pdf", "hidden.pdf"),
        ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
        ('quote".pdf', "quote_.pdf"),
        ("<script>alert(1)</script>.pdf", "script_.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("com1", "_com1"),
        ("console.pdf", "console.pdf"),
        ("تقرير الصيانة.pdf", "تقرير الصيانة.pdf"),
        ("e\u0301tat.pdf", "état.pdf"),
        ("\ud800lone.pdf", "lone.pdf"),
        ("two   spaces.pdf", "two spaces.pdf"),
    ],
)
def test_cleaning(given: str, cleaned: str) -> None:
    assert names.clean(given) == cleaned


def test_a_long_name_keeps_its_extension() -> None:
    cleaned = names.clean("x" * 500 + ".pdf")
    assert len(cleaned) == names.LONGEST
    assert cleaned.endswith(".pdf")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report.pdf", "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf"),
        (
            "état 1.pdf",
            "attachment; filename=\"etat 1.pdf\"; filename*=UTF-8''%C3%A9tat%201.pdf",
        ),
        (
            "تقرير.pdf",
            "attachment; filename=\"file.pdf\"; filename*=UTF-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1.pdf",
        ),
        (
            'a"\r\nSet-Cookie: x.pdf',
            "attachment; filename=\"a_Set-Cookie_ x.pdf\"; filename*=UTF-8''a%22%0D%0ASet-Cookie%3A%20x.pdf",
        ),
    ],
)
def test_content_disposition(name: str, header: str) -> None:
    written = names.disposition(name)
    assert "\r" not in written
    assert "\n" not in written
    assert written.encode("ascii")
    if "Set-Cookie" not in name:
        assert written == header

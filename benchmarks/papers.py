"""What a paper costs: ``python benchmarks/papers.py [VERSION]`` (of ``itti``; by default 2.0.0).

Side by side, English and Arabic, each in a warm process of its own and in processor time (best of several runs), since
the clock says more of the machine's other work: plain WeasyPrint of the same page with the same fonts, as it comes and
with the standard and the tags that it can make by itself; our paper; the seal; and headless Chromium printing the same
page, where it is at hand. Then papers a minute with the pool of warm processes, by the clock and by processor time, and
the time to verify our own paper and papers of strangers. What counts are the ratios.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from itti.certificates import jobs  # noqa: E402
from itti.certificates.keys import KeySource  # noqa: E402
from itti.certificates.office import cores  # noqa: E402
from itti.certificates.press import Press  # noqa: E402
from questionnaires import load  # noqa: E402
from questionnaires.wording import LANGUAGES  # noqa: E402
from reports.report import AnswerDetail, AssessedFactory, EvidenceItem, Party, Report, Standing  # noqa: E402
from scoring import Answer, LevelAnswer, compile_plan, score  # noqa: E402

RUNS: Final = 3
POOLED: Final = 8
"""Papers that go through the pool; half of them in each language."""

MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True)
class Measured:
    """One way to make one document."""

    seconds: float
    """Processor time of the best warm run."""

    memory: int
    """Most resident memory of the process so far, in bytes; 0: not measured."""

    made: bytes


def report(version: str) -> Report:
    """A full report of ``itti``: every question answered at another level, with a reason and some evidence."""
    definition = load("itti", version)
    given: dict[str, Answer] = {
        question.id: LevelAnswer(level=place % 5) for place, question in enumerate(definition.questions)
    }
    reason = "Seen on both lines during the visit; the records of the last twelve months were shown and are complete."
    return Report(
        standing=Standing.DEMONSTRATION,
        scorecard=score(compile_plan(definition), given),
        factory=AssessedFactory(name="Al Waha Dates Packing", name_ar="الواحة لتعبئة التمور", sector="food"),
        answers=tuple(
            AnswerDetail(
                question=name,
                answer=answer,
                reason=reason,
                evidence=(EvidenceItem(file_name="records.pdf", sha256="0" * 64),) if place % 3 == 0 else (),
                self_answer=LevelAnswer(level=place % 4),
            )
            for place, (name, answer) in enumerate(given.items())
        ),
        programme=Party(name="Programme Office", name_ar="مكتب البرنامج"),
        assessor=Party(name="Maryam Al Suwaidi", name_ar="مريم السويدي"),
        assessor_body=Party(name="Gulf Assessors", name_ar="الخليج للتقييم"),
        reviewer=Party(name="Salim Darwish", name_ar="سليم درويش"),
        reviewer_body=Party(name="Emirates Review", name_ar="الإمارات للمراجعة"),
        assessed_on=date(2026, 3, 11),
        issued_on=date(2026, 6, 18),
        expires_on=date(2028, 6, 17),
        number="TI-2026-00417",
        verify_url="https://verify.example.org/verify/TI-2026-00417",
    )


def ours(version: str, language: str) -> Callable[[], bytes]:
    """Our paper, unsealed, as a process of the press makes it."""
    return partial(jobs.set_paper, jobs.Order(report(version), language))


def page_of(version: str, language: str) -> str:
    """The page that goes to the typesetter."""
    from reports.render import page

    return page(report(version), load("itti", version), language)


def plain(version: str, language: str, **options: Any) -> Callable[[], bytes]:
    """WeasyPrint as it comes, on the same page and with the same fonts."""
    from reports.typesetting import _own_fonts

    with _own_fonts():
        import weasyprint  # type: ignore[import-untyped]
        from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

        fonts = FontConfiguration()
    html = page_of(version, language)

    def made() -> bytes:
        pdf: bytes = weasyprint.HTML(string=html).write_pdf(font_config=fonts, **options)
        return pdf

    return made


def sealing(version: str, language: str) -> Callable[[], bytes]:
    """The seal on our paper, with the demonstration key."""
    pdf = ours(version, language)()
    key = KeySource(Path(tempfile.mkdtemp(prefix="itti-keys-")))
    return lambda: jobs.seal_paper(
        jobs.Unsealed(pdf, "TI-2026-00417", language, Standing.DEMONSTRATION, key, datetime.now(UTC))
    )


WAYS: Final[Mapping[str, Callable[[str, str], Callable[[], bytes]]]] = {
    "plain WeasyPrint": plain,
    "plain WeasyPrint, PDF/A-3a": partial(plain, pdf_variant="pdf/a-3a"),
    "our paper": ours,
    "the seal": sealing,
}


def measure(way: str, version: str, language: str) -> Measured:
    """One way, in this process: once to warm up, then the best of several runs."""
    make = WAYS[way](version, language)
    made, best = make(), float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        make()
        best = min(best, time.process_time() - began)
    return Measured(best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, made)


def apart(work: Callable[[], Any]) -> Any:
    """The result of ``work`` in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work)


def chromium(version: str, language: str) -> Measured | None:
    """Headless Chromium printing the same page, warm; processor time of all its processes. None: not at hand."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if found is None:
        return None
    html, best, made = page_of(version, language), float("inf"), b""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        for _ in range(RUNS + 1):
            began = _descendants()
            page.set_content(html)
            made = page.pdf(format="A4", tagged=True)
            best = min(best, _descendants() - began)
        browser.close()
    return Measured(best, 0, made)


def _descendants() -> float:
    """Processor seconds of all processes under this one."""

    def under(process: str) -> Iterator[str]:
        with suppress(OSError):  # one that ended meanwhile
            for task in list(Path(f"/proc/{process}/task").glob("*/children")):
                for child in task.read_text().split():
                    yield child
                    yield from under(child)

    total = 0.0
    for child in under(str(os.getpid())):
        with suppress(OSError):
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def pages(pdf: bytes) -> int:
    """How many pages it has."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def pooled(version: str) -> float:
    """Papers a minute by the clock, set and not sealed, with a warm process a core."""
    press = Press(workers=cores(), seconds=600, waiting=POOLED)
    one = report(version)
    press.run_all(jobs.set_paper, [jobs.Order(one, LANGUAGES[0])] * cores())
    began = time.monotonic()
    press.run_all(jobs.set_paper, [jobs.Order(one, LANGUAGES[number % 2]) for number in range(POOLED)])
    passed = time.monotonic() - began
    press.close()
    return POOLED / passed * 60


def verify(pdf: bytes) -> float:
    """Seconds by the clock to examine a paper, the best of several runs: other processes do most of the work."""
    from reports.verify import examine

    best = float("inf")
    for _ in range(RUNS + 1):
        began = time.monotonic()
        examine(pdf, (), load)
        best = min(best, time.monotonic() - began)
    return best


def strangers(own: bytes, chrome: bytes | None) -> Iterator[tuple[str, bytes]]:
    """Papers that are not ours, or not any more."""
    yield "cut in half", own[: len(own) // 2]
    yield "a byte changed", own[:5000] + bytes([own[5000] ^ 1]) + own[5001:]
    yield "no PDF at all", os.urandom(5 * MEBIBYTE)
    if chrome is not None:
        yield "printed by Chromium", chrome


def main(version: str) -> None:
    """Measure and say."""
    print(f"itti {version}; load {os.getloadavg()[0]:.1f} on {cores()} cores; processor seconds, best of {RUNS}")
    sealed, printed, total = b"", None, 0.0
    for language in LANGUAGES:
        found = {way: apart(partial(measure, way, version, language)) for way in WAYS}
        base = found["plain WeasyPrint"]
        chrome = chromium(version, language)
        rows = [*found.items(), *([("Chromium, tagged", chrome)] if chrome else [])]
        for way, one in rows:
            count = pages(one.made)
            memory = f"{one.memory / MEBIBYTE:5.0f} MiB" if one.memory else "         "
            print(
                f"{language}  {way:28} {one.seconds:6.2f} s  {one.seconds / base.seconds:5.2f} × plain"
                f"  {one.seconds / count * 1000:5.0f} ms a page of {count}  {memory}  {len(one.made) // 1024:5} KiB"
            )
        if chrome is None:
            print(f"{language}  Chromium: not at hand (chromium, and playwright of the tests)")
        added = (found["our paper"].seconds + found["the seal"].seconds) / base.seconds - 1
        share = found["the seal"].seconds / (found["our paper"].seconds + found["the seal"].seconds)
        print(f"{language}  all that we add: {added:+.0%} on plain WeasyPrint; the seal is {share:.0%} of the whole")
        total += found["our paper"].seconds + found["the seal"].seconds
        sealed, printed = found["the seal"].made, chrome.made if chrome else None
    by_processor, by_clock = 60 * cores() / (total / len(LANGUAGES)), pooled(version)
    print(
        f"papers a minute on {cores()} cores: {by_clock:.0f} set by the clock, {by_processor:.0f} sealed by processor"
    )
    print(f"verifying our own, by the clock: {apart(partial(verify, sealed)):.2f} s")
    for name, pdf in strangers(sealed, printed):
        print(f"verifying one {name}: {apart(partial(verify, pdf)):.2f} s")


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["2.0.0"])

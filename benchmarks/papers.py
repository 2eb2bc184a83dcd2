"""What a paper costs: ``python benchmarks/papers.py [VERSION]`` (of ``itti``; by default 2.0.0).

``hundred`` in place of the version: 20 dimensions of five questions each, made of ``itti`` 2.0.0 by asking more.

Side by side, English and Arabic, each in a warm process of its own and in processor time (best of several runs), since
the clock says more of the machine's other work: plain WeasyPrint of the same page with the same fonts, as it comes and
with the standard and the tags that it can make by itself; our paper; the seal; Typst setting the same words, tables
and drawings (requirements.txt); and headless Chromium printing the same page, where it is at hand. Then papers a minute
with the pool of warm processes, set alone and set and sealed, by the clock and by the processor time that its processes
used, and the time to verify our own paper and papers of strangers. What counts are the ratios.

A warm process keeps what papers on the same questionnaire share. So that it cannot profit from more than that, every
paper here is another one: of another factory, with other levels, another reason for each answer and other evidence.
"""

from __future__ import annotations

import gc
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
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from answered import HUNDRED, asked, report  # noqa: E402

from itti.certificates import jobs  # noqa: E402
from itti.certificates.keys import KeySource  # noqa: E402
from itti.certificates.office import cores  # noqa: E402
from itti.certificates.press import Press  # noqa: E402
from questionnaires import load  # noqa: E402
from questionnaires.wording import LANGUAGES  # noqa: E402
from reports.report import Standing  # noqa: E402

RUNS: Final = 3
WARM: Final = 4
"""Papers that a process makes before its time is taken; in the pool so many in each language."""

POOLED: Final = 12
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


def ours(version: str, language: str) -> Callable[[], bytes]:
    """Our paper, unsealed, as a process of the press makes it: each time another one; warm already."""
    orders = iter([(report(version, number), language) for number in range(WARM + RUNS + 1)])

    def made() -> bytes:
        from reports.render import render

        one, spoken = next(orders)
        return render(one, asked(version), spoken)

    for _ in range(WARM):
        made()
    gc.collect()
    gc.freeze()
    return made


def page_of(version: str, language: str) -> str:
    """The page that goes to the typesetter."""
    from reports.render import page

    return page(report(version), asked(version), language)


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


def typst(version: str, language: str) -> Callable[[], bytes]:
    """Typst on the same words, tables and drawings. Raises ImportError where it is not at hand."""
    import in_typst

    from reports.typesetting import FONTS

    return in_typst.typeset(page_of(version, language), language, FONTS)


WAYS: Final[Mapping[str, Callable[[str, str], Callable[[], bytes]]]] = {
    "plain WeasyPrint": plain,
    "plain WeasyPrint, PDF/A-3a": partial(plain, pdf_variant="pdf/a-3a"),
    "our paper": ours,
    "the seal": sealing,
    "Typst, tagged": typst,
}


def measure(way: str, version: str, language: str) -> Measured | None:
    """One way, in this process: once to warm up, then the best of several runs. None: not at hand."""
    try:
        make = WAYS[way](version, language)
    except ImportError:
        return None
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
    found = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if found is None:
        return None
    html, best, made, memory = page_of(version, language), float("inf"), b"", 0
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        for _ in range(RUNS + 1):
            began = _descendants()
            page.set_content(html)
            made = page.pdf(format="A4", tagged=True)
            best = min(best, _descendants() - began)
            memory = max(memory, _shared_out())
        browser.close()
    return Measured(best, memory, made)


def _under(process: str) -> Iterator[str]:
    with suppress(OSError):  # one that ended meanwhile
        for task in list(Path(f"/proc/{process}/task").glob("*/children")):
            for child in task.read_text().split():
                yield child
                yield from _under(child)


def _shared_out() -> int:
    """Memory of all processes under this one in bytes, what they share counted once."""
    total = 0
    for child in _under(str(os.getpid())):
        with suppress(OSError):
            lines = Path(f"/proc/{child}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def _descendants() -> float:
    """Processor seconds of all processes under this one."""
    total = 0.0
    for child in _under(str(os.getpid())):
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


def timed(order: jobs.Order) -> float:
    """Processor seconds of one paper in a process of the press."""
    began = time.process_time()
    jobs.set_paper(order)
    return time.process_time() - began


@cache
def _key() -> KeySource:
    return KeySource(Path(tempfile.mkdtemp(prefix="itti-keys-")))


def timed_with_seal(order: jobs.Order) -> float:
    """The same, set and sealed with the demonstration key."""
    key = _key()
    began = time.process_time()
    paper = jobs.set_paper(order)
    number = order.report.number or ""
    jobs.seal_paper(jobs.Unsealed(paper, number, order.language, Standing.DEMONSTRATION, key, datetime.now(UTC)))
    return time.process_time() - began


def pooled(version: str, job: Callable[[jobs.Order], float] = timed) -> tuple[float, float]:
    """Papers a minute with a warm process a core: by the clock, and by processor time."""
    press = Press(workers=cores(), seconds=600, waiting=POOLED)
    for language in LANGUAGES:
        for number in range(WARM):
            press.run_all(job, [jobs.Order(report(version, 100 + number), language)] * cores())
    orders = [jobs.Order(report(version, number), LANGUAGES[number % 2]) for number in range(POOLED)]
    began = time.monotonic()
    used = press.run_all(job, orders)
    passed = time.monotonic() - began
    press.close()
    return POOLED / passed * 60, POOLED / sum(used) * 60 * cores()


def verify(pdf: bytes, asks: str | None = None) -> float:
    """Seconds by the clock to examine a paper, the best of several runs: other processes do most of the work."""
    from reports.verify import examine

    best = float("inf")
    for _ in range(RUNS + 1):
        began = time.monotonic()
        examine(pdf, (), load if asks is None else lambda _family, _version: asked(asks))
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
    sealed: bytes = b""
    printed: bytes | None = None
    total = 0.0
    for language in LANGUAGES:
        tried = {way: apart(partial(measure, way, version, language)) for way in WAYS}
        tried["Chromium, tagged"] = chromium(version, language)
        found = {way: one for way, one in tried.items() if one is not None}
        base, paper, seal = (found[way] for way in ("plain WeasyPrint", "our paper", "the seal"))
        for way, one in found.items():
            count = pages(one.made)
            print(
                f"{language}  {way:28} {one.seconds:6.2f} s  {one.seconds / base.seconds:5.2f} × plain"
                f"  {60 * cores() / one.seconds:5.0f} a minute  {one.seconds / count * 1000:4.0f} ms a page of {count}"
                f"  {one.memory / MEBIBYTE:5.0f} MiB  {len(one.made) // 1024:5} KiB"
            )
        for way in tried.keys() - found.keys():
            print(f"{language}  {way}: not at hand")
        added = (paper.seconds + seal.seconds) / base.seconds - 1
        share = seal.seconds / (paper.seconds + seal.seconds)
        print(f"{language}  all that we add: {added:+.0%} on plain WeasyPrint; the seal is {share:.0%} of the whole")
        total += paper.seconds + seal.seconds
        sealed, printed = seal.made, found["Chromium, tagged"].made if "Chromium, tagged" in found else None
    best = 60 * cores() / (total / len(LANGUAGES))
    print(f"papers a minute on {cores()} cores, set and sealed, by the best runs above: {best:.0f}")
    if version != HUNDRED:  # the press sets what is published
        for what, job in (("set", timed), ("set and sealed", timed_with_seal)):
            by_clock, used = pooled(version, job)
            print(f"in the pool, {what}: {by_clock:.0f} a minute by the clock, {used:.0f} by processor time")
    print(f"verifying our own, by the clock: {apart(partial(verify, sealed, version)):.2f} s")
    for name, pdf in strangers(sealed, printed):
        print(f"verifying one {name}: {apart(partial(verify, pdf)):.2f} s")


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["2.0.0"])

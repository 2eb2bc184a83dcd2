"""A key that was struck: what a time stamp proves to be older stays good, all the rest is refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from questionnaires import load
from reports.findings import CredentialState, SealFinding, SealState
from reports.seal import Sealer, demonstration_sealer, seal
from reports.struck import fingerprint
from reports.verify import examine
from tests.reports.conftest import AT
from tests.reports.test_credential import examined, signed


def seen(paper: bytes, sealer: Sealer, since: timedelta) -> SealFinding:
    return examine(paper, [sealer.root], load, struck={fingerprint(sealer.certificate): AT + since}).seal


def test_what_was_stamped_before_stays_good_and_says_so(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    found = seen(sealed["en"], sealer, timedelta(seconds=1))
    assert (found.state, found.code, found.stamp_trusted) == (SealState.INTACT, "before-struck", True)
    assert found.sentence("en") != found.sentence("ar")


def test_what_was_stamped_at_that_moment_or_later_is_refused(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    for since in (timedelta(0), timedelta(days=-30)):
        found = seen(sealed["en"], sealer, since)
        assert (found.state, found.code) == (SealState.UNTRUSTED, "key-struck")
    assert "struck" in found.sentence("en")
    assert found.sentence("ar") != found.sentence("en")


def test_the_word_of_the_sealer_alone_proves_no_time(papers: Mapping[str, bytes], sealer: Sealer) -> None:
    bare = replace(sealer, stamps=None)
    paper = seal(papers["en"], bare, reason="Issued", at=AT - timedelta(days=5))
    found = seen(paper, bare, timedelta(0))
    assert (found.state, found.code, found.stamped_at) == (SealState.UNTRUSTED, "key-struck", None)


def test_another_key_is_as_good_as_before(sealed: Mapping[str, bytes], sealer: Sealer, folder: Path) -> None:
    other = fingerprint(demonstration_sealer(folder).certificate)
    found = examine(sealed["en"], [sealer.root], load, struck={other: AT - timedelta(days=99)}).seal
    assert (found.state, found.code) == (SealState.INTACT, "demonstration")


def test_a_tampered_paper_is_broken_whatever_the_key(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    paper = sealed["en"][:9000] + bytes([sealed["en"][9000] ^ 1]) + sealed["en"][9001:]
    assert seen(paper, sealer, timedelta(days=1)).state in {SealState.BROKEN, SealState.UNREADABLE}


def test_a_credential_is_as_old_as_the_stamp_on_its_paper(sealer: Sealer) -> None:
    token = signed(sealer)
    mark = fingerprint(sealer.certificate)
    before = examined(sealer, token, struck={mark: AT + timedelta(seconds=1)})
    assert (before.seal.code, before.credential.state) == ("before-struck", CredentialState.INTACT)
    after = examined(sealer, token, struck={mark: AT})
    assert (after.credential.state, after.credential.code) == (CredentialState.UNTRUSTED, "key-struck")
    assert after.credential.sentence("en") != after.credential.sentence("ar")

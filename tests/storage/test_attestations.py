# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is kept of attestations: no name, no code, and not for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.service.replayed import replay
from storage import attestations, erasure, journal, learners
from storage.tables import attestation

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

NOW = datetime(2027, 3, 4, 9, 0, tzinfo=UTC)
CODE, NAME = "7K3M92QFXT4D8RBN", "Zoé Le Goff-Dœuff"


def met(store: Store, address: str = "1") -> str:
    return store.write_now(learners.meet, "telegram", address, language="fr", now=NOW).id


def issue(store: Store, learner: str, code: str = CODE, now: datetime = NOW) -> None:
    def do(tx: Tx) -> None:
        attestations.issue(
            tx, learner, code, NAME, path="agent", course_version="v", facts={"lessons": 12}, now=now
        )

    store.write_now(do)


def everything(store: Store) -> str:
    return store.read_now(lambda tx: str([tuple(row) for row in tx.execute(select(attestation))]))


def test_a_code_finds_its_attestation_and_nothing_kept_tells_the_name_or_the_code(store: Store) -> None:
    issue(store, met(store))
    found = store.read_now(attestations.of_code, CODE)
    assert found is not None
    assert (found.path, found.issued_at, found.facts) == ("agent", NOW, {"lessons": 12})
    assert store.read_now(attestations.of_code, CODE[:-1] + "P") is None
    for said in (CODE, "Zoé", "Goff", "goff"):
        assert said not in everything(store)


def test_a_name_is_compared_without_case_accents_spaces_and_dashes(store: Store) -> None:
    issue(store, met(store))
    found = store.read_now(attestations.of_code, CODE)
    assert found is not None
    for same in (
        NAME,
        "zoe le goff doeuff",
        "ZOÉ LE GOFF-DŒUFF",
        "Zoe\u0301 LeGoff Doeuff",
        " zoe  le-goff-doeuff ",
    ):
        assert found.names(CODE, same), same
    for other in ("Zoé Le Goff", "Zoë Le Gof-Dœuff", "", "Le Goff-Dœuff Zoé"):
        assert not found.names(CODE, other), other
    assert not found.names(CODE[:-1] + "P", NAME), "without the code no name can be tried"


def test_a_learner_has_the_newest_five_and_another_learner_theirs(store: Store) -> None:
    one, other = met(store), met(store, "2")
    codes = [f"{CODE[:-1]}{number}" for number in range(2, 9)]
    issue(store, other)
    for place, code in enumerate(codes):
        issue(store, one, code, NOW + timedelta(days=place))
    known = [store.read_now(attestations.of_code, code) is not None for code in codes]
    assert known == [False, False, True, True, True, True, True]
    assert store.read_now(attestations.count_of, one) == attestations.MOST
    assert store.read_now(attestations.count_of, other) == 1


def test_an_erasure_takes_the_attestations_with_it_also_when_a_journal_replays_it(store: Store) -> None:
    one, other = met(store), met(store, "2")
    issue(store, one)
    issue(store, other, f"{CODE[:-1]}2")
    store.write_now(erasure.erase, one, NOW)
    assert store.read_now(attestations.of_code, CODE) is None
    assert store.read_now(attestations.of_code, f"{CODE[:-1]}2") is not None
    line = journal.Line(7, NOW + timedelta(days=1), other)
    assert replay(store, [line], NOW + timedelta(days=2), NOW + timedelta(days=2)).erased == 1
    assert everything(store) == "[]"


def test_whoever_is_erased_for_silence_leaves_papers_that_stay_known_and_name_nobody(store: Store) -> None:
    one = met(store)
    issue(store, one)
    assert store.write_now(attestations.release, [one]) == 1
    store.write_now(erasure.erase, one, NOW)
    found = store.read_now(attestations.of_code, CODE)
    assert found is not None
    assert found.names(CODE, NAME)
    assert one not in everything(store)


def test_old_ones_are_dropped_in_steps(store: Store) -> None:
    for number in range(2, 7):
        issue(store, met(store, str(number)), f"{CODE[:-1]}{number}", NOW + timedelta(days=number))
    before = NOW + timedelta(days=5)
    assert [store.write_now(attestations.drop_old, before, 2) for _ in range(3)] == [2, 1, 0]
    assert store.read_now(attestations.of_code, f"{CODE[:-1]}5") is not None


def test_what_cannot_be_read_of_a_row_leaves_the_rest(store: Store) -> None:
    issue(store, met(store))
    store.write_now(lambda tx: tx.exec_driver_sql("UPDATE attestation SET facts = 'brouillé'"))
    found = store.read_now(attestations.of_code, CODE)
    assert found is not None
    assert found.facts == {}
    assert found.names(CODE, NAME)

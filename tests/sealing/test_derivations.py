"""Every derivation against vectors that were computed from docs/formats without our code (tools/derivation_vectors.py)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kunak.sealing.code import MailboxKeys, fingerprint, read_code, root_of
from kunak.sealing.compartment import (
    AgreementKey,
    identity_of,
    label,
    label_key,
    open_envelope,
    pair_label_key,
    reply_key_of,
)
from kunak.sealing.hybrid import Identity
from kunak.sealing.letter import chunk_id, letter_label, proof
from kunak.sealing.signature import Purpose, SigningKey, verify

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "vectors" / "sealing" / "derivations.json").read_text("utf-8")
)


@pytest.mark.parametrize("vector", VECTORS["codes"], ids=lambda vector: vector["spelling"][:12])
def test_a_code_gives_the_mailbox_keys_of_its_page(vector: dict[str, str]) -> None:
    code = read_code(vector["spelling"])
    assert code.language == vector["language"]
    root = root_of(code, bytes.fromhex(VECTORS["organisation"]))
    keys = MailboxKeys.from_root(root)
    found = [root, keys.mailbox, keys.identity.seed, keys.letter_key, keys.state_key, keys.access]
    wanted = [vector[name] for name in ("root", "id", "age seed", "letter key", "state key", "access")]
    assert [one.hex() for one in found] == wanted


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_fingerprint_is_the_words_of_its_page(language: str) -> None:
    vector = VECTORS["fingerprint"]
    assert fingerprint(bytes.fromhex(vector["root public key"]), language) == vector[language]


def test_a_compartments_keys_and_labels_are_those_of_its_page() -> None:
    vector = VECTORS["compartment"]
    secret, author = bytes.fromhex(vector["secret"]), bytes.fromhex(vector["author"])
    assert label_key(secret).hex() == vector["label key"]
    assert label(label_key(secret), author, vector["number"]).hex() == vector["label"]
    assert identity_of(secret).seed.hex() == vector["recipient seed"]
    assert reply_key_of(secret).seed.hex() == vector["reply key seed"]
    own, peer = (AgreementKey.from_seed(bytes.fromhex(vector[f"{who} agreement seed"])) for who in ("own", "peer"))
    ids = bytes.fromhex(vector["sender"]), bytes.fromhex(vector["receiver"])
    assert pair_label_key(own, peer.public, *ids).hex() == vector["pair label key"]
    assert pair_label_key(peer, own.public, *ids).hex() == vector["pair label key"]
    opened = open_envelope(secret, bytes.fromhex(vector["label"]), bytes.fromhex(vector["sealed"]))
    assert opened.hex() == vector["content"]


def test_a_signature_is_that_of_its_page() -> None:
    vector = VECTORS["signature"]
    key, message = SigningKey.from_seed(bytes.fromhex(vector["seed"])), bytes.fromhex(vector["message"])
    assert key.public.hex() == vector["public"]
    assert key.sign(Purpose.ENTRY, message).hex() == vector["signature"]
    verify(key.public, Purpose(vector["purpose"]), message, bytes.fromhex(vector["signature"]))


def test_a_letters_proof_label_and_chunks_are_those_of_its_page() -> None:
    vector = VECTORS["letter"]
    key = bytes.fromhex(vector["letter key"])
    assert proof(key, bytes.fromhex(vector["body"])).hex() == vector["proof"]
    assert letter_label(key, vector["number"]).hex() == vector["label"]
    assert chunk_id(key, vector["chunk"]).hex() == vector["chunk id"]


def test_the_example_keys_of_the_age_specification_belong_together() -> None:
    """c2sp.org/age prints an identity and its recipient; the recipient's beginning and end stand here."""
    identity = Identity.parse("AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR")
    recipient = str(identity.recipient)
    assert recipient.startswith(
        "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95paef6caq5aapdmwj"
    )
    assert recipient.endswith(
        "mqd0uvny6ttsn09508k0c55zfnegrm9efhxpfqdkmhh6gjtqmwze9pyyzk3tlhl53k2ykx3qheyty7saeq0d3fzv49zc0k"
    )

"""What we seal, other implementations open, and the other way round: npm `age-encryption`, and Debian's `age` for the older kinds."""

from __future__ import annotations

import io
import secrets
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from kunak.sealing.age import Identity, open_sealed, open_stream, seal, sealed_size
from kunak.sealing.armor import Unarmored
from kunak.sealing.classic import ClassicIdentity, Passphrase
from tests.sealing import npm

if TYPE_CHECKING:
    from pathlib import Path

SIZES = (0, 1, 65_536, 65_537, 200_000)
OPEN = """
import { Decrypter } from 'age-encryption'; import { readFileSync, writeFileSync } from 'node:fs';
const [identity, folder, ...names] = process.argv.slice(1);
for (const name of names) {
  const opener = new Decrypter(); opener.addIdentity(identity);
  writeFileSync(`${folder}/${name}.opened`, await opener.decrypt(readFileSync(`${folder}/${name}`)));
}
"""
SEAL = """
import { Encrypter } from 'age-encryption'; import { readFileSync, writeFileSync } from 'node:fs';
const [recipient, folder, ...names] = process.argv.slice(1);
for (const name of names) {
  const sealer = new Encrypter(); sealer.addRecipient(recipient);
  writeFileSync(`${folder}/${name}.sealed`, await sealer.encrypt(readFileSync(`${folder}/${name}`)));
}
"""
KEYS = """
import { generateHybridIdentity, identityToRecipient } from 'age-encryption';
const identity = await generateHybridIdentity(); console.log(identity); console.log(await identityToRecipient(identity));
"""
PASSPHRASE = """
import { Decrypter, Encrypter } from 'age-encryption'; import { readFileSync, writeFileSync } from 'node:fs';
const [folder] = process.argv.slice(1);
const opener = new Decrypter(); opener.addPassphrase('семь слов');
console.log(await opener.decrypt(readFileSync(`${folder}/ours`), 'text'));
const sealer = new Encrypter(); sealer.setPassphrase('семь слов'); sealer.setScryptWorkFactor(10);
writeFileSync(`${folder}/theirs`, await sealer.encrypt('их слова'));
"""


@pytest.mark.parametrize("identity", [Identity.generate(), ClassicIdentity.generate()], ids=["hybrid", "classic"])
def test_the_npm_package_opens_what_we_seal(identity: Identity | ClassicIdentity, tmp_path: Path) -> None:
    plains = {str(size): secrets.token_bytes(size) for size in SIZES}
    for name, plain in plains.items():
        (tmp_path / name).write_bytes(seal(plain, [identity.recipient]))
    npm.javascript(OPEN, str(identity), str(tmp_path), *plains)
    assert {name: (tmp_path / f"{name}.opened").read_bytes() for name in plains} == plains


@pytest.mark.parametrize("identity", [Identity.generate(), ClassicIdentity.generate()], ids=["hybrid", "classic"])
def test_we_open_what_the_npm_package_seals(identity: Identity | ClassicIdentity, tmp_path: Path) -> None:
    plains = {str(size): secrets.token_bytes(size) for size in SIZES}
    for name, plain in plains.items():
        (tmp_path / name).write_bytes(plain)
    npm.javascript(SEAL, str(identity.recipient), str(tmp_path), *plains)
    sealed = {name: (tmp_path / f"{name}.sealed").read_bytes() for name in plains}
    assert {name: open_sealed(raw, [identity]) for name, raw in sealed.items()} == plains
    if isinstance(identity, Identity):
        assert {len(raw) for raw in sealed.values()} == {sealed_size(size) for size in SIZES}


def test_the_npm_package_derives_the_same_recipient_from_an_identity() -> None:
    identity, recipient = npm.javascript(KEYS).decode().split()
    assert str(Identity.parse(identity).recipient) == recipient


def test_passphrases_serve_both_ways_with_the_npm_package(tmp_path: Path) -> None:
    (tmp_path / "ours").write_bytes(seal("наши слова".encode(), [Passphrase("семь слов", work=10)]))
    assert npm.javascript(PASSPHRASE, str(tmp_path)).decode().strip() == "наши слова"
    assert open_sealed((tmp_path / "theirs").read_bytes(), [Passphrase("семь слов")]).decode() == "их слова"


def test_debians_age_and_we_read_each_other_with_the_older_kind(tmp_path: Path) -> None:
    age = shutil.which("age")
    assert age, "the tests need Debian's age: make system"
    identity, plain = ClassicIdentity.generate(), secrets.token_bytes(100_000)
    (tmp_path / "key").write_text(f"{identity}\n", "ascii")
    opened = subprocess.run(
        [age, "-d", "-i", tmp_path / "key"], input=seal(plain, [identity.recipient]), capture_output=True, check=True
    )
    assert opened.stdout == plain
    for armour in ([], ["--armor"]):
        sealed = subprocess.run(
            [age, *armour, "-r", str(identity.recipient)], input=plain, capture_output=True, check=True
        )
        assert _unarmoured(sealed.stdout, identity) == plain


def _unarmoured(sealed: bytes, identity: ClassicIdentity) -> bytes:
    opened = io.BytesIO()
    open_stream(Unarmored(io.BytesIO(sealed)), opened, [identity])
    return opened.getvalue()

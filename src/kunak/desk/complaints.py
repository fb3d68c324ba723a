"""What a page of the desk says when something is wrong: one calm sentence each, and what to do."""

from __future__ import annotations

from typing import Final

from kunak.desk.relay_client import RelayLied, RelayRefused, Unreachable
from kunak.frame.form import BrokenForm
from kunak.frame.words import mark
from kunak.helpline import register as helpline
from kunak.journeys import register as journeys
from kunak.vault.damage import DamagedVault, FullDisk, NoVault, VaultInUse, WrongPassphrase
from kunak.vault.keyring import NotHeld
from kunak.vault.mending import StillMending

# Why the vault does not open, by what was raised.
WHY_LOCKED: Final[dict[type[Exception], str]] = {
    WrongPassphrase: mark(
        "This is not the passphrase of this vault. Look at the keyboard's language and Caps Lock, and try again."
    ),
    VaultInUse: mark("This vault is open in another desk on this machine. Use that one, or close it first."),
    DamagedVault: mark(
        "The vault is damaged on its disk. Do not delete it. This device's keys and what was not sent yet are kept once more beside it: "
        "lock the desk, give the passphrase, and press “Mend”."
    ),
    FullDisk: mark(
        "This machine's disk is full, and the desk cannot work. Nothing is lost. Make room on the disk, then unlock again."
    ),
    NoVault: mark("There is no vault in this folder. Join with an invitation first: kunak org join."),
    RuntimeError: mark("This vault belongs to no organisation yet. Join with an invitation first: kunak org join."),
}
# What a page could not do: the status and the sentence.
TROUBLES: Final[dict[type[Exception], tuple[int, str]]] = {
    NotHeld: (403, mark("This desk does not hold the key for that. Ask a helper who does to let you in.")),
    helpline.NobodyToAnswer: (
        409,
        mark("This desk holds no key of that person's mailbox, so it cannot answer. Nothing was sent."),
    ),
    journeys.NotNext: (
        409,
        mark(
            "This is not what may be told now: another step is next, or this one is over. Nothing was sent. Look at the page anew."
        ),
    ),
    journeys.NotYet: (
        409,
        mark(
            "Nobody can have set out yet: this departure is on a later day. Nothing was written. If they left sooner, say on the page "
            "of the party where they are, and plan anew."
        ),
    ),
    BrokenForm: (
        400,
        mark("The form did not arrive whole. Go back: what you wrote is still there. Then send it again."),
    ),
    DamagedVault: (500, WHY_LOCKED[DamagedVault]),
    FullDisk: (
        507,
        mark(
            "This machine's disk is full: what you just sent was not kept. Make room on the disk, then go back: what you wrote is still there. Send it again."
        ),
    ),
    StillMending: (
        409,
        mark(
            "This desk was mended and is reading everything again. Go back when it is in sync: what you wrote is still there."
        ),
    ),
    Unreachable: (502, mark("The relay is away, and the file lies there. Try again when it is back.")),
    RelayRefused: (502, mark("The relay has no such file any more, or does not give it out.")),
    RelayLied: (502, mark("The relay gave an answer that cannot be true.")),
}
BEYOND_MENDING = mark(
    "The vault is damaged, and what was kept beside it too. What the relay has acknowledged is not lost: ask an admin for a new "
    "invitation and join again in a new folder."
)
NOT_FOUND = mark("There is nothing here that this desk may read.")
FAILED = mark(
    "Something failed in the desk itself. What you had sent before is safe. Go back and try again; if it happens again, tell an admin what you did."
)

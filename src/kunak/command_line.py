"""The classes of which commands are made: their `--help`, and the one sentence when something was mistyped, are in the reader's language.

Typer's own sentences exist in English only, and show a usage, a hint and a box where one sentence serves.
"""

from __future__ import annotations

import difflib
import re
import shutil
import sys
from typing import Any, Final, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from kunak.command_help import Wanted, page, place_of
from kunak.frame.tongue import spoken

_ = spoken("kunak").gettext

# What Typer raises when a command line cannot be understood; where it lives has moved between versions.
UsageError: Final[type[Exception]] = typer.BadParameter.__mro__[1]
_MISTYPED: Final = 2  # exit status, as of every command
_TOO_MUCH: Final = re.compile(r"^[^(]*(?:\(s\))?[^(]*\((?P<words>.*)\)\.?$", re.DOTALL)
_WIDEST: Final = 80  # columns; longer lines are hard to read
_SHOWN: Final = 60  # characters of what was typed that are shown again


class NoSuchCommand(typer.BadParameter):
    """`near`: commands that are spelled nearly so."""

    def __init__(self, name: str, near: list[str], ctx: Any) -> None:
        super().__init__(name, ctx=ctx)
        self.near = near


class _Spoken:
    """Beside TyperCommand or TyperGroup."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(page(self, ctx, min(shutil.get_terminal_size().columns, _WIDEST) - 2))

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc]
        except UsageError as wrong:
            # Some are raised without their command, and then nobody could say whose help to read.
            if getattr(wrong, "ctx", None) is None:
                wrong.ctx = ctx  # type: ignore[attr-defined]
            raise


class SpokenCommand(_Spoken, TyperCommand):
    """One command."""


class SpokenGroup(_Spoken, TyperGroup):
    """Several; the outermost one tells what was mistyped."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            raise NoSuchCommand(args[0], difflib.get_close_matches(args[0], self.list_commands(ctx), n=2), ctx)
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **more: Any) -> Any:
        """Typer's: `standalone_mode` False, and its exceptions are the caller's to tell."""
        is_ours = more.get("standalone_mode", True)
        more["standalone_mode"] = False
        if not is_ours:
            return super().main(*args, **more)
        try:
            status = super().main(*args, **more)
        except UsageError as wrong:
            _mistyped(wrong)
        except typer.Abort:
            typer.echo(_("Stopped."), err=True)
            sys.exit(1)
        sys.exit(status if isinstance(status, int) else 0)


def _mistyped(wrong: Any) -> NoReturn:
    if type(wrong).__name__ == "NoArgsIsHelpError":
        typer.echo(wrong.ctx.get_help(), err=True)
    else:
        see = _("How it is used: {command} --help").format(command=wrong.ctx.command_path)
        typer.echo(f"{sentence_of(wrong)} {see}", err=True)
    sys.exit(_MISTYPED)


def sentence_of(wrong: Any) -> str:
    """What was mistyped. `wrong`: a UsageError with its context."""
    kind, param = type(wrong).__name__, getattr(wrong, "param", None)
    if isinstance(wrong, NoSuchCommand):
        return _guess(_("There is no command {name}.").format(name=_shown(wrong.message)), wrong.near)
    if kind == "NoSuchOption":
        said = _("There is no option {name}.").format(name=_shown(wrong.option_name))
        return _guess(said, sorted(wrong.possibilities or []))
    if kind == "BadOptionUsage":
        said = _("{name} takes no value.") if "not take" in wrong.message else _("{name} needs a value after it.")
        return said.format(name=_shown(wrong.option_name))
    if param is not None:
        return _unfit(wrong.ctx.command, param, is_missing=kind == "MissingParameter")
    if too_much := _TOO_MUCH.search(wrong.message):
        return _("This is one thing too many: {words}.").format(words=_shown(too_much["words"]))
    return _("This cannot be understood.")


def _unfit(command: Any, param: Any, *, is_missing: bool) -> str:
    name, told = _name(command, param), (param.help or "").rstrip(".")
    if not is_missing:
        return _("{name}: {wanted} is needed here.").format(name=name, wanted=_expected(command, param))
    return (
        _("{name} is missing: {what}.").format(name=name, what=told)
        if told
        else _("{name} is missing.").format(name=name)
    )


def _name(command: Any, param: Any) -> str:
    return place_of(command, param) if param.param_type_name == "argument" else str(max(param.opts, key=len))


def _expected(command: Any, param: Any) -> str:
    wanted = Wanted(command, param.name)
    if wanted.choices:
        return _("one of {choices}").format(choices=", ".join(wanted.choices))
    if wanted.kind in (int, float):
        number = _("a whole number") if wanted.kind is int else _("a number")
        return f"{number} {wanted.range}".strip()
    if getattr(wanted.info, "exists", False):
        return _("a file that is there")
    return {_("FOLDER"): _("a folder"), _("FILE"): _("a file")}.get(wanted.word, wanted.word)


def _guess(said: str, near: list[str]) -> str:
    if not near:
        return said
    meant = _("Did you mean {near}?").format(near=_(" or ").join(near))
    return f"{said} {meant}"


def _shown(typed: str) -> str:
    """What was typed, with nothing in it that a terminal would obey."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in typed)
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"

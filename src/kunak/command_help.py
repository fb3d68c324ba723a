"""What `--help` says, in the reader's language: Typer's own words ("Usage", "[OPTIONS]", "<int range>") are English in every language.

Written for terminals of every kind and for who listens to them: no boxes, no colours, 78 columns or what the terminal has.
"""

from __future__ import annotations

import inspect
import textwrap
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

from kunak.frame.tongue import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

_ = spoken("kunak").gettext

_NARROWEST: Final = 28  # columns beside which a second one is still readable
_INDENT: Final = 2


class Wanted:
    """What a command takes in one place, out of its function's annotations. `kind`: the plain type; `info`: Typer's OptionInfo or
    ArgumentInfo, or None."""

    def __init__(self, command: Any, name: str) -> None:
        hints = get_type_hints(inspect.unwrap(command.callback), include_extras=True) if command.callback else {}
        hint: Any = hints.get(name)
        self.info: Any = next(iter(hint.__metadata__), None) if get_origin(hint) is Annotated else None
        self.kind = _plain(get_args(hint)[0] if self.info is not None else hint)

    @property
    def choices(self) -> list[str]:
        if isinstance(self.kind, type) and issubclass(self.kind, Enum):
            return [str(each.value) for each in self.kind]
        return [str(each) for each in get_args(self.kind)] if get_origin(self.kind) is Literal else []

    @property
    def word(self) -> str:
        """What stands for the value, in capitals: a file, a number."""
        if self.choices:
            return "|".join(self.choices)
        if self.kind in (int, float):
            return _("NUMBER")
        if self.kind is Path:
            if not getattr(self.info, "file_okay", True):
                return _("FOLDER")
            return _("PATH") if getattr(self.info, "dir_okay", True) else _("FILE")
        return _("TEXT")

    @property
    def range(self) -> str:
        least, most = getattr(self.info, "min", None), getattr(self.info, "max", None)
        if least is not None and most is not None:
            return _("from {least} to {most}").format(least=_number(least), most=_number(most))
        return _("at least {least}").format(least=_number(least)) if least is not None else ""


def page(command: Any, ctx: Any, width: int) -> str:
    """The help of one command, or of a group of them."""
    parts = [usage(command, ctx)]
    if command.help:
        parts.append("\n".join(textwrap.wrap(inspect.cleandoc(command.help).replace("\n", " "), width)))
    params = [each for each in command.get_params(ctx) if not getattr(each, "hidden", False)]
    places = [each for each in params if each.param_type_name == "argument"]
    parts += _section(_("What to name:"), [_row(command, each) for each in places], width)
    parts += _section(_("Options:"), [_row(command, each) for each in params if each not in places], width)
    if hasattr(command, "list_commands"):
        inner = ((name, command.get_command(ctx, name).help or "") for name in command.list_commands(ctx))
        parts += _section(_("Commands:"), inner, width)
    return "\n\n".join(parts) + "\n"


def usage(command: Any, ctx: Any) -> str:
    words = [ctx.command_path, _("[OPTIONS]")]
    words += [place_of(command, each) for each in command.get_params(ctx) if each.param_type_name == "argument"]
    if hasattr(command, "list_commands"):
        words.append(_("COMMAND …"))
    return _("Usage: {words}").format(words=" ".join(words))


def place_of(command: Any, param: Any) -> str:
    """An argument as the usage names it: by its metavar, else by what it takes."""
    return str(param.metavar or Wanted(command, param.name).word)


def _plain(hint: Any) -> Any:
    """`list[Path] | None` is Path: how many, and whether any, is said elsewhere."""
    while (inner := [each for each in get_args(hint) if each is not type(None)]) and get_origin(hint) is not Literal:
        hint = inner[0]
    return hint


def _row(command: Any, param: Any) -> tuple[str, str]:
    if param.name == "help":
        return ", ".join(param.opts), _("Show this help.")
    wanted = Wanted(command, param.name)
    told = [param.help or ""]
    if param.param_type_name == "argument":
        return place_of(command, param), told[0]
    names = ", ".join(sorted(param.opts, key=len))
    if not param.is_flag:
        names += f" {param.metavar or wanted.word}"
    extras = [_("required")] if param.required else []
    extras += [wanted.range] if wanted.range else []
    default = param.default.value if isinstance(param.default, Enum) else param.default
    if isinstance(default, str | int | float | Path) and not param.is_flag and str(default):
        extras.append(_("otherwise {default}").format(default=_number(default)))
    if param.envvar:
        extras.append(_("or from the environment: {name}").format(name=param.envvar))
    return names, " ".join([*told, *([f"({'; '.join(extras)})"] if extras else [])])


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _section(title: str, rows: Iterable[tuple[str, str]], width: int) -> list[str]:
    """Two columns; where a name is long or the terminal narrow, what it does stands below it."""
    found = list(rows)
    if not found:
        return []
    column = max((len(name) for name, _ in found if len(name) <= _NARROWEST), default=0) + 2 * _INDENT
    lines = [title]
    for name, told in found:
        wrapped = textwrap.wrap(told, max(width - column, _NARROWEST)) or [""]
        if len(name) + 2 * _INDENT <= column:
            lines.append(f"{' ' * _INDENT}{name:<{column - _INDENT}}{wrapped.pop(0)}".rstrip())
        else:
            lines.append(f"{' ' * _INDENT}{name}")
        lines += [" " * column + each for each in wrapped]
    return ["\n".join(lines)]

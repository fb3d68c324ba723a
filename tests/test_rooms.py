"""Every folder says in its first lines what comes in and what goes out."""

import importlib
import pkgutil

import kunak


def test_every_room_says_what_it_is_for() -> None:
    rooms = [module.name for module in pkgutil.iter_modules(kunak.__path__, "kunak.") if module.ispkg]
    assert rooms
    silent = [name for name in rooms if not (importlib.import_module(name).__doc__ or "").strip()]
    assert silent == []

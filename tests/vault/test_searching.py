"""Full-text search: word forms, half-typed words, phone numbers, and nothing that was forgotten."""

from __future__ import annotations

from typing import Any

import pytest
import sqlcipher3

from kunak.vault import searching, wordforms


@pytest.fixture
def db() -> Any:
    connection = sqlcipher3.connect(":memory:")
    connection.executescript(searching.SCHEMA)
    return connection


def find(db: Any, asked: str) -> list[str]:
    return [found.entry for found in searching.find(db, asked, 10)]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Его задержали ночью у дома", "задержан ночь"),
        ("Брата отца увезли", "отец"),
        ("жду звонка", "звонок"),
        ("денег нет совсем", "деньги"),
        ("Ребёнок болен", "ребенка"),
        ("РЕБЕНКУ пять лет", "ребёнок"),
        ("у сестёр в Грозном", "сестра"),
        ("They threatened my brothers", "threatening brother"),
        ("паспорт у семьи", "пасп"),
        ("звонили с +7 928 123-45-67 дважды", "89281234567"),
        ("номер 89281234567", "+7 (928) 123 45 67"),
        ("Мой номер: 8-928-123-45-67.", "9281234567"),
    ],
)
def test_a_word_is_found_whatever_its_ending(db: Any, written: str, asked: str) -> None:
    searching.put(db, "e1", "a1", "letter", 1, written)
    searching.put(db, "e2", "a1", "letter", 2, "совсем о другом; nothing of that")
    assert find(db, asked) == ["e1"]


@pytest.mark.parametrize(
    "asked", ["", "   ", '"', "* OR NEAR(", "-", "stems:x", "' ; drop table search_texts; --", "AND", "NOT"]
)
def test_whatever_is_typed_is_words_and_never_a_query(db: Any, asked: str) -> None:
    searching.put(db, "e1", "a1", "letter", 1, "помогите")
    assert find(db, asked) == []


def test_all_words_must_occur_and_the_newest_comes_first(db: Any) -> None:
    searching.put(db, "e1", "a1", "letter", 1, "брат в полиции")
    searching.put(db, "e2", "b2", "letter", 5, "полиция искала брата")
    searching.put(db, "e3", "b2", "letter", 9, "полиция")
    assert find(db, "брат полиция") == ["e2", "e1"]


def test_what_is_forgotten_is_not_found(db: Any) -> None:
    searching.put(db, "e1", "a1", "letter", 1, "секретное место")
    searching.put(db, "e1", "a1", "letter", 1, "секретное место")
    assert find(db, "секретное") == ["e1"]
    searching.forget(db, ["e1", "never there"])
    assert find(db, "секретное") == []
    assert db.execute("select count(*) from search_texts").fetchone() == (0,)


def test_the_excerpt_marks_the_words_that_were_found() -> None:
    connection = sqlcipher3.connect(":memory:")
    connection.executescript(searching.SCHEMA)
    text = "а " * 200 + "вчера задержали брата у дома" + " б" * 200
    searching.put(connection, "e1", "a1", "letter", 1, text)
    (found,) = searching.find(connection, "задержан брат", 1)
    assert found.parts[1::2] == ["задержали", "брата"]
    assert found.parts[0].startswith("… ")
    assert found.parts[-1].endswith(" …")


def test_the_endless_word_costs_nothing() -> None:
    assert len(wordforms.stem("а" * 100_000)) <= wordforms.LONGEST


def test_an_excerpt_begins_with_a_whole_word() -> None:
    text = "Здравствуйте " + "через три дня приехали ко мне " * 6 + "и забрали отца"
    parts = searching._excerpt(text, "отец")
    assert parts[1] == "отца"
    assert parts[0].startswith("… ")
    assert parts[0].split()[1] in text.split()

"""Seven words, however they were typed: what has one meaning is put right, what has two is asked."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunak.sealing.code import LANGUAGES, WORDS, Code, CodeMistake, new_code, read_code, root_of, word_list
from kunak.sealing.spelling import _CYRILLIC_KEYS, _LATIN_KEYS

CODES = st.sampled_from(LANGUAGES).flatmap(
    lambda language: st.lists(st.sampled_from(word_list(language)), min_size=WORDS, max_size=WORDS).map(
        lambda words: Code(tuple(words), language)
    )
)
RUSSIAN = CODES.filter(lambda code: code.language == "ru")


def mistake_of(text: str, language: str | None = None) -> CodeMistake:
    with pytest.raises(CodeMistake) as caught:
        read_code(text, language)
    return caught.value


def test_codes_are_seven_words_and_not_the_same_twice() -> None:
    for language in LANGUAGES:
        codes = {new_code(language) for _ in range(50)}
        assert len(codes) == 50
        assert {len(code.words) for code in codes} == {7}


@given(code=CODES)
def test_a_code_is_read_in_capitals_with_numbers_commas_hyphens_and_line_ends(code: Code) -> None:
    assert read_code(code.spelling) == code
    assert read_code(code.spelling.upper()) == code
    assert read_code("-".join(code.words)) == code
    assert read_code("\n".join(f"{place}) {word.capitalize()}," for place, word in enumerate(code.words, 1))) == code
    assert read_code(f"  «{code.spelling.replace(' ', '   ')}».\t", code.language) == code


@given(code=RUSSIAN)
def test_look_alike_letters_of_the_other_alphabet_do_not_matter(code: Code) -> None:
    latin = code.spelling.translate(str.maketrans("аекмнорстух", "aekmhopctyx"))
    assert read_code(latin) == code
    assert read_code(code.spelling.upper().translate(str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX"))) == code


# With Shift or Caps Lock, these keys give no letter.
SHIFTED = str.maketrans("[];',.`", '{}:"<>~')


def in_the_other_layout(typed: str, language: str) -> str:
    """What appears when somebody types this while the keyboard is set to the other language."""
    keys = (_CYRILLIC_KEYS, _LATIN_KEYS) if language == "ru" else (_LATIN_KEYS, _CYRILLIC_KEYS)
    given = {letter: letter.translate(str.maketrans(*keys)) for letter in typed.lower()}
    return "".join(
        given[letter.lower()] if letter == letter.lower() else given[letter.lower()].translate(SHIFTED).upper()
        for letter in typed
    )


@given(code=CODES, sure=st.integers(0, WORDS))
def test_the_other_keyboard_layout_does_not_matter(code: Code, sure: int) -> None:
    assert in_the_other_layout("hello", "en") == "руддщ"
    assert in_the_other_layout("Хлеб ЮБКА", "ru") == "{kt, ><RF"
    for typed in (code.spelling, code.spelling.upper(), code.spelling.title(), "-".join(code.words)):
        assert read_code(in_the_other_layout(typed, code.language)) == code
    numbered = [f"{place} {in_the_other_layout(word, code.language)}" for place, word in enumerate(code.words, 1)]
    assert read_code("\n".join(numbered)) == code
    # Who notices on the way, and goes on in the right one.
    begun = in_the_other_layout(" ".join(code.words[:sure]), code.language)
    assert read_code(f"{begun} {' '.join(code.words[sure:])}") == code


@given(code=CODES, place=st.integers(0, WORDS - 1))
def test_a_slip_in_the_other_layout_is_asked_about_in_the_words_that_were_meant(code: Code, place: int) -> None:
    word = code.words[place]
    typed = [*code.words[:place], word[:1] + word[0] + word[1:], *code.words[place + 1 :]]
    mistake = mistake_of(in_the_other_layout(" ".join(typed), code.language))
    assert (mistake.language, list(mistake.suggestions)) == (code.language, [place])
    assert mistake.words == typed
    assert word in mistake.suggestions[place]


@given(code=RUSSIAN)
def test_yo_stress_marks_and_decomposed_letters_do_not_matter(code: Code) -> None:
    with_yo = code.spelling.replace("е", "ё")
    assert read_code(with_yo) == code
    assert read_code(unicodedata.normalize("NFD", with_yo)) == code
    assert read_code(code.spelling.replace("а", "а\u0301")) == code


@given(code=CODES, place=st.integers(0, WORDS - 1), data=st.data())
def test_one_slip_in_a_word_is_suggested_and_never_put_right_in_silence(
    code: Code, place: int, data: st.DataObject
) -> None:
    word = code.words[place]
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("абвгдийклмнопрст" if code.language == "ru" else "abcdeghiklmnoprst"))
    slipped = data.draw(
        st.sampled_from(
            [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
        )
    )
    if slipped == word:
        return
    typed = [*code.words[:place], slipped, *code.words[place + 1 :]]
    mistake = mistake_of(" ".join(typed), code.language)
    assert list(mistake.suggestions) == [place]
    assert mistake.words == typed
    # Very short remains have many neighbours; four are shown. The meant word is among them, or the list is full.
    assert word in mistake.suggestions[place] or len(mistake.suggestions[place]) == 4


@given(code=CODES, place=st.integers(0, WORDS - 2))
def test_a_forgotten_space_is_suggested(code: Code, place: int) -> None:
    words = list(code.words)
    joined = words[place] + words[place + 1]
    mistake = mistake_of(" ".join([*words[:place], joined, *words[place + 2 :]]))
    assert mistake.count == 6
    if joined[:24] == joined and joined not in word_list(code.language):
        assert any(" " in one or one in word_list(code.language) for one in mistake.suggestions[place])


def test_too_few_and_too_many_words_are_counted() -> None:
    words = list(new_code("ru").words)
    assert mistake_of(" ".join(words[:6])).count == 6
    assert mistake_of(" ".join([*words, words[0]])).count == 8
    assert mistake_of("").count == 0
    assert str(mistake_of(" ".join(words[:6]))) == "A code has seven words; 6 were given."


def test_the_sentence_names_the_place_and_never_the_word() -> None:
    words = list(new_code("ru").words)
    mistake = mistake_of(" ".join([*words[:2], "щщщъъ", *words[3:]]))
    assert str(mistake) == "Not in the list: word 3."
    assert mistake.suggestions == {2: []}


def test_a_mistake_in_russian_is_not_taken_for_english() -> None:
    assert mistake_of("привет как дела").language == "ru"
    assert mistake_of("hello how are you").language == "en"


def test_words_of_two_languages_are_no_code() -> None:
    mistake = mistake_of(" ".join([*word_list("ru")[:4], *word_list("en")[:3]]))
    assert (mistake.language, mistake.count) == ("ru", 7)


@given(text=st.text(max_size=300))
def test_whatever_is_typed_ends_in_a_code_or_a_mistake(text: str) -> None:
    try:
        words = read_code(text).words
    except CodeMistake as mistake:
        words = tuple(mistake.words)
    assert len(words) <= 24


def test_a_flood_of_letters_costs_little() -> None:
    word_list("ru"), word_list("en")
    start = time.process_time()
    for flood in ("щ" * 1_000_000, "щзаы " * 200_000, "a1" * 500_000):
        mistake_of(flood)
    assert time.process_time() - start < 2


def test_two_organisations_get_two_roots_from_one_code() -> None:
    code = new_code("en")
    assert root_of(code, bytes(16)) != root_of(code, bytes(15) + b"\1")
    assert repr(code) == "Code(…)"

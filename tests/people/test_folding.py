"""However a name is written, it is found by however people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.alphabets import HAN, OTHER, alphabet_of, letter_of, letters, place_of, under
from people.folding import LONGEST, asked, folded, indexed

# Scripts people write their names in; what has no letters at all is left to the last strategy.
WRITTEN = st.text(
    st.sampled_from("aàåÅßøŁıİIiñÑœǆﬁÉé'’ʻ-.  ـأإآٱاىيیكکةهـَُّ٤۴日本語林美玲김도윤กำप्रिЁёЙйΣςσ½①"), max_size=30
)


def is_found(text: str, question: str) -> bool:
    words = indexed([text])
    return all(any(word.startswith(part) for word in words) for part in asked(question))


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("Ọlájùmọ̀kẹ́ Adébáyọ̀", "olajumoke ADEB"),
        ("Inês Carvalho", "ines"),
        ("Emre Aydın", "aydin"),
        ("Emre Aydın", "AYDIN"),
        ("İzmir", "izmir"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Søren Ærø", "soren aero"),
        ("Straße", "STRASSE"),
        ("د. ليلى حدّاد", "ليلي حداد"),
        ("أحمد الهُدى", "احمد الهدي"),
        ("يوسف العمري", "عمري"),
        ("عمري", "العمري"),
        ("فاطمة", "فاطمه"),
        ("محـــمد", "محمد"),
        ("علی رضایی", "علي رضايي"),
        ("林美玲", "美玲"),
        ("田中 さくら", "さくら"),
        ("김도윤", "도윤"),
        ("สมชาย ใจดี", "ชาย"),
        ("Юлия Сергеева", "юлия СЕРГ"),
        ("Алёна", "алена"),
        ("Γιώργος", "γιωργοσ"),
        ("Sione Tuʻipulotu", "tu'ipulotu"),
        ("Sione Tuʻipulotu", "tuipulotu"),
        ("O’Brien", "obrien"),
        ("O’Brien", "O'BRIEN"),
        ("Côte d’Ivoire", "ivoire"),
        ("Jean-Paul", "jeanpaul"),
        ("Jean Paul", "jean-paul"),
        ("SDG 6", "sdg ٦"),
        ("प्रिया", "प्रिया"),
    ],
    ids=str,
)
def test_it_is_found(name, question):
    assert is_found(name, question)


@pytest.mark.parametrize(
    ("name", "question"),
    [("Ada Ndiaye", "da"), ("Ada Ndiaye", "ada x"), ("أدا", "ليلى"), ("林美玲", "玲美"), ("Inês", "in es t")],
    ids=str,
)
def test_it_is_not_found(name, question):
    assert not is_found(name, question)


@given(WRITTEN)
def test_everything_is_found_by_itself(text):
    assert is_found(text, text)


@given(WRITTEN)
def test_case_makes_no_difference(text):
    assert is_found(text, text.lower())
    assert is_found(text.lower(), text)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=80))
def test_words_hold_nothing_that_a_query_language_could_take_for_its_own(text):
    for word in {*asked(text), *indexed([text])}:
        assert 0 < len(word) <= LONGEST
        assert not set(word) & set("'\"\\ :*&|!()<>\0\t\n")


@given(st.text(max_size=80))
def test_whatever_is_typed_is_found_by_its_beginnings(text):
    assert is_found(text, text)


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Ada", "A"),
        ("  élan", "É"),
        ("د. ليلى", "د"),
        ("林美玲", HAN),
        ("김도윤", "김"),
        ("42", ""),
        ("", ""),
        ("ñandú", "Ñ"),
    ],
    ids=str,
)
def test_a_name_stands_under_its_first_letter(name, letter):
    assert letter_of(name) == letter


@pytest.mark.parametrize(
    ("letter", "language", "place"),
    [
        ("É", "en", "E"),
        ("Ñ", "en", "N"),
        ("Ñ", "es", "Ñ"),
        ("Й", "ru", "Й"),
        ("Ё", "ru", "Е"),
        ("أ", "ar", "ا"),
        ("A", "ar", OTHER),
        ("د", "en", OTHER),
        (HAN, "zh-hans", HAN),
        (HAN, "fr", OTHER),
        ("", "en", OTHER),
    ],
    ids=str,
)
def test_a_letter_has_its_place_in_the_alphabet_of_the_page(letter, language, place):
    assert place_of(letter, alphabet_of(language)) == place


@given(st.dictionaries(st.characters(), st.integers(1, 9)), st.sampled_from(["en", "ar", "zh", "ru"]))
def test_every_initial_is_counted_in_one_place(counts, language):
    alphabet = alphabet_of(language)
    told = letters(counts, alphabet)
    assert sum(letter.count for letter in told) == sum(counts.values())
    for letter in told:
        assert sum(counts[one] for one in under(letter.value, counts, alphabet)) == letter.count

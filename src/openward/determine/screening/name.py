"""A name made ready for comparison, once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from openward.determine.screening.chinese import chinese_core, pinyin
from openward.determine.screening.fold import fold, has_han, visible, without_han
from openward.determine.screening.legal import split_legal

_TITLES = frozenset(
    "mr mrs ms miss dr prof sir monsieur madame herr frau senor sheikh shaikh shaykh sheik mullah "  # noqa: SIM905
    "maulavi mawlawi qari haji hajji hadji imam sayyid sayed general gen colonel president minister".split()
)
_FILLERS = frozenset("the of and for de la le les du des und y e et da do di van der den".split())  # noqa: SIM905
_PERSONS = frozenset({"Person"})
_NUMBERS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "first": "1", "second": "2", "third": "3", "1st": "1", "2nd": "2",
    "3rd": "3", "fourth": "4", "fifth": "5", "4th": "4", "5th": "5",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name and what is compared of it.

    Attributes
    ----------
    text : str
        As written, without invisible characters.
    schema : str
        FollowTheMoney schema (``Person``, ``Company`` ...); empty where not known.
    words : tuple of str
        Folded words without legal forms and titles.
    legal : tuple of str
        Legal forms found.
    core : str
        The words without spaces.
    chinese : str
        The Chinese core; empty where the name has no Chinese characters.
    sound : tuple of str
        Pinyin of a Chinese person's name.
    inverted : bool
        Written surname first with a comma.
    """

    text: str
    schema: str
    words: tuple[str, ...]
    legal: tuple[str, ...]
    core: str
    chinese: str
    sound: tuple[str, ...]
    inverted: bool

    @property
    def person(self) -> bool:
        """True where the name is said to be a person's."""
        return self.schema in _PERSONS


@lru_cache(maxsize=200_000)
def prepare(text: str, schema: str = "") -> Name:
    """Make a name ready for comparison."""
    shown = " ".join(visible(text).split())
    chinese = chinese_core(shown) if has_han(shown) else ""
    latin = shown
    if chinese and not has_han(chinese):
        # Only the legal form was Chinese: ``Source Intelligence公司`` is a Latin name.
        chinese, latin = "", without_han(shown)
    words = tuple(_NUMBERS.get(word, word) for word in fold(latin).split())
    if schema == "Person":
        core: tuple[str, ...] = tuple(word for word in words if word not in _TITLES) or words
        legal: tuple[str, ...] = ()
    else:
        core, legal = split_legal(words)
        core = tuple(word for word in core if word != "the") or core
    sound = pinyin(shown) if chinese and schema in {"", "Person"} else ()
    return Name(
        text=shown,
        schema=schema,
        words=core,
        legal=legal,
        core="".join(core),
        chinese=chinese,
        sound=sound,
        inverted="," in shown and schema == "Person",
    )


def is_filler(word: str) -> bool:
    """True for words that carry little: articles, prepositions, particles."""
    return word in _FILLERS

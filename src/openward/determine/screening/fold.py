"""Fold a name so that what looks or sounds the same is written the same.

Order matters: compatibility forms (NFKC), invisible characters, look-alike letters of another alphabet,
transliteration to Latin letters, accents. Letters of alphabets without a table here stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХаеѕіјоорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαινρυ",
    "ABESIJKMHOPCTXaesijoopcyxhdqwABEZHIKMNOPTYXoaivpu",
)
_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфхыэ",
        "abvgdeziiklmnoprstufhye",
        strict=True,
    )
) | {
    "ё": "e", "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya",
    "ў": "u", "і": "i", "ї": "i", "є": "ye", "ґ": "g", "қ": "k", "ғ": "g", "ү": "u", "ұ": "u", "ө": "o",
    "ә": "a", "ң": "n", "һ": "h", "ћ": "c", "ђ": "dj", "љ": "lj", "њ": "nj", "џ": "dz", "ј": "j", "ѓ": "g",
    "ќ": "k", "ѕ": "dz",
}  # fmt: skip
_GREEK = dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstifo", strict=True)) | {
    "θ": "th", "χ": "ch", "ψ": "ps",
}  # fmt: skip
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh",
    "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z",
    "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "o",
    "ي": "i", "ى": "a", "ئ": "i", "ؤ": "o", "ة": "a", "ء": "", "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g",
    "ک": "k", "ی": "i",
}  # fmt: skip
_LATIN = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ə": "a", "ħ": "h",
    "ŋ": "ng", "ß": "ss",
}  # fmt: skip
_TABLE = str.maketrans(_CYRILLIC | _GREEK | _ARABIC | _LATIN)
_HANGUL = tuple(
    tuple(part.strip() for part in line.split(","))
    for line in (
        "g, kk, n, d, tt, r, m, b, pp, s, ss, , j, jj, ch, k, t, p, h",
        "a, ae, ya, yae, eo, e, yeo, ye, o, wa, wae, oe, yo, u, wo, we, wi, yu, eu, ui, i",
        ", k, k, ks, n, nj, nh, t, l, lk, lm, lb, ls, lt, lp, lh, m, p, ps, t, t, ng, t, t, k, t, p, t",
    )
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\U000e0000-\U000e0fff]"
)
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640]")
_DOTTED = re.compile(r"\b(?:\w\.\s?){2,}(?:\w\b(?!\.))?")
_APOSTROPHES = re.compile("['’‘ʼʻ`´′]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f]")
_OTHER_LETTER = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_WORD = re.compile(r"\S+")


def visible(text: str) -> str:
    """Give the text in compatibility form without characters that nobody sees."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))


def has_han(text: str) -> bool:
    """True where the text holds Chinese characters."""
    return _HAN.search(text) is not None


def without_han(text: str) -> str:
    """Give the text without its Chinese characters."""
    return _HAN.sub(" ", text)


def unmask(text: str) -> str:
    """Write look-alike letters of another alphabet as the Latin letters they imitate.

    A word that mixes alphabets is folded, and a word of look-alikes only in a name that is Latin elsewhere.
    """
    if not _OTHER_LETTER.search(text) or not _LATIN_LETTER.search(text):
        return text

    def one(match: re.Match[str]) -> str:
        word = match.group()
        if not _OTHER_LETTER.search(word):
            return word
        folded = word.translate(_LOOKALIKES)
        return folded if _LATIN_LETTER.search(word) or not _OTHER_LETTER.search(folded) else word

    return _WORD.sub(one, text)


def _hangul(text: str) -> str:
    if not any("가" <= letter <= "힣" for letter in text):
        return text
    out = []
    for letter in text:
        place = ord(letter) - 0xAC00
        if 0 <= place < 11172:
            first, rest = divmod(place, 588)
            out.append(_HANGUL[0][first] + _HANGUL[1][rest // 28] + _HANGUL[2][rest % 28])
        else:
            out.append(letter)
    return "".join(out)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Give a name in lower case Latin letters and digits where there is a table for its alphabet.

    Words are parted by single spaces, punctuation is gone; ``L.X.C.`` is one word, ``&`` is ``and``.
    """
    if text.isascii():
        plain = text.lower()
    else:
        plain = unmask(visible(text)).casefold().translate(_TABLE)
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", _hangul(plain)))
        # Letters that carried an accent (ή) have their plain form in the table.
        plain = unicodedata.normalize("NFC", plain).translate(_TABLE)
        plain = _APOSTROPHES.sub("'", plain)
    plain = plain.replace("&", " and ").replace("+", " and ").replace("'", "")
    if "." in plain:
        plain = _DOTTED.sub(lambda m: re.sub(r"[.\s]", "", m.group()) + " ", plain)
    if plain.isascii():
        return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain)
    return " ".join(kept.split())

"""The formula language: calls, names, numbers, text, comparisons and arithmetic. Nothing is ever executed.

Text is parsed with Python's grammar and kept only if every node is on the list below; the tree is then walked
by `openward.claims.evaluate`. There are no attributes but ``book.`` and ``world.`` before a call, no
subscripts, no comprehensions, no assignments, no powers.
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from openward.errors import InputError

SPACES = ("book", "world")
"""Names that may stand before a dot."""
LONGEST = 2000
DEEPEST = 60

_OPERATORS = (
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.UAdd, ast.Not, ast.And, ast.Or),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE),
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read and found acceptable.

    Attributes
    ----------
    text : str
    tree : ast.expr
    where : str
        Ledger, line and claim.
    """

    text: str
    tree: ast.expr = field(compare=False, repr=False)
    where: str = field(default="", compare=False)

    def names(self) -> frozenset[str]:
        """Give the bare names it uses: those of the ledger, and true and false."""
        called = {id(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        called |= {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Attribute)}
        return frozenset(
            node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name) and id(node) not in called
        )

    def calls(self) -> Iterator[ast.Call]:
        """Give every call in it."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def parse(text: str, *, where: str = "") -> Formula:
    """Read a formula.

    Parameters
    ----------
    text : str
    where : str
        For messages.

    Returns
    -------
    Formula

    Raises
    ------
    InputError
        Not a formula; the message names the position and what stands there.
    """
    flat = " ".join(text.split())
    if not flat:
        raise InputError("the formula is empty", where=where, hint="leave the field out instead")
    if len(flat) > LONGEST:
        raise InputError(
            f"the formula has {len(flat)} characters", where=where, hint=f"at most {LONGEST}; use names"
        )
    try:
        # Odd spellings only warn in Python's grammar; here what follows decides.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(flat, mode="eval").body
    except SyntaxError as error:
        raise _at((error.offset or 1) - 1, flat, error.msg, where) from None
    except (ValueError, RecursionError, MemoryError):
        raise InputError("the formula cannot be read", where=where, hint="write it more simply") from None
    _accept(tree, flat, where, 0)
    return Formula(text=flat, tree=tree, where=where)


def called(node: ast.Call) -> str:
    """Name what a call calls: ``macro`` or ``book.count``."""
    return ast.unparse(node.func)


def _accept(node: ast.AST, text: str, where: str, depth: int) -> None:
    if depth > DEEPEST:
        raise InputError("the formula is nested too deeply", where=where, hint="use names for its parts")
    match node:
        case ast.Constant(value=bool() | str()):
            pass
        case ast.Constant(value=int() | float() as number):
            if not math.isfinite(_float(number)):
                raise _at(node.col_offset, text, "this number is too large", where, in_bytes=True)
        case ast.Name():
            pass
        case ast.Tuple() | ast.List():
            pass
        case ast.Call():
            _accept_call(node, text, where)
        case ast.Compare() | ast.BinOp() | ast.UnaryOp() | ast.BoolOp():
            pass
        case ast.keyword() | ast.Load():
            pass
        case _ if isinstance(node, _OPERATORS):
            pass
        case _:
            what = f"{type(node).__name__} is not part of the formula language"
            raise _at(getattr(node, "col_offset", 0), text, what, where, in_bytes=True)
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Call) and child is node.func:
            continue
        _accept(child, text, where, depth + 1)


def _accept_call(node: ast.Call, text: str, where: str) -> None:
    target = node.func
    plain = isinstance(target, ast.Name)
    spaced = (
        isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in SPACES
    )
    if not (plain or spaced):
        what = "only a named function can be called, or one of book. and world."
        raise _at(node.col_offset, text, what, where, in_bytes=True)
    if any(keyword.arg is None for keyword in node.keywords):
        raise _at(node.col_offset, text, "** is not part of the formula language", where, in_bytes=True)


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _column(offset: int, text: str) -> int:
    return len(text.encode()[:offset].decode(errors="ignore"))


def _at(offset: int, text: str, what: str, where: str, *, in_bytes: bool = False) -> InputError:
    column = min(_column(offset, text) if in_bytes else max(offset, 0), max(len(text) - 1, 0))
    return InputError(
        f"{what}, at column {column + 1} of the formula: {text[:column]}>>>{text[column : column + 30]}",
        where=where,
        hint="a formula has calls, names, numbers, text in quotes, comparisons and + - * /",
    )

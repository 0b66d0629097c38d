"""Walk a formula: look names up, call the functions on the list, compute; nothing else can happen."""

from __future__ import annotations

import ast
import inspect
import operator
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from openward.book.reading import nearest
from openward.claims.at_hand import AtHand
from openward.claims.formula import Formula, called
from openward.claims.from_book import BOOK
from openward.claims.from_world import WORLD
from openward.claims.functions import FUNCTIONS
from openward.claims.series import Series, Value, combine, kind, scalar
from openward.errors import InputError, OpenwardError, UnknownCodeError

CALLABLE: Mapping[str, Callable[..., Any]] = MappingProxyType({**FUNCTIONS, **BOOK, **WORLD})
WORDS: Mapping[str, bool] = MappingProxyType({"true": True, "false": False})


def _divide(left: float, right: float) -> float:
    if right == 0:
        raise InputError("division by zero", hint="look at the figure below the line")
    return left / right


_BINARY: Mapping[type[ast.operator], Callable[[float, float], float]] = MappingProxyType(
    {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: _divide}
)
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = MappingProxyType(
    {
        ast.Eq: operator.eq,
        ast.NotEq: operator.ne,
        ast.Lt: operator.lt,
        ast.LtE: operator.le,
        ast.Gt: operator.gt,
        ast.GtE: operator.ge,
    }
)


def evaluate(formula: Formula, at: AtHand, names: Mapping[str, Formula]) -> Value:
    """Compute a formula.

    Parameters
    ----------
    formula : Formula
    at : AtHand
    names : mapping
        The ledger's own names; without cycles.

    Raises
    ------
    MissingDataError
        Something it needs is not at hand.
    InputError
        It cannot be computed at all: text where a number is needed, an unknown column, division by zero.
    """

    def value(node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=constant):
                # The parser lets in numbers, texts and truth values only; the syntax tree allows more.
                return constant  # type: ignore[return-value]
            case ast.Name(id=name):
                return WORDS[name] if name in WORDS else evaluate(names[name], at, names)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return tuple(value(part) for part in parts)
            case ast.BinOp(left=left, op=op, right=right):
                return combine(value(left), value(right), _BINARY[type(op)])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not scalar(value(operand))
            case ast.UnaryOp(op=op, operand=operand):
                return combine(value(operand), -1.0 if isinstance(op, ast.USub) else 1.0, operator.mul)
            case ast.BoolOp(op=op, values=parts):
                truths = [bool(scalar(value(part))) for part in parts]
                return all(truths) if isinstance(op, ast.And) else any(truths)
            case ast.Compare(left=first, ops=ops, comparators=others):
                return _chain([value(part) for part in (first, *others)], ops)
            case ast.Call():
                return _call(node)
        raise InputError(f"{type(node).__name__} is not part of the formula language")

    def _call(node: ast.Call) -> Value:
        name = called(node)
        positional = [value(argument) for argument in node.args]
        named = {keyword.arg: value(keyword.value) for keyword in node.keywords if keyword.arg}
        try:
            result: Value = CALLABLE[name](at, *positional, **named)
        except (TypeError, AttributeError) as error:
            given = ", ".join(kind(argument) for argument in (*positional, *named.values()))
            raise InputError(f"{name} cannot take {given}", hint=signature(name)) from error
        return result

    return value(formula.tree)


def faults(formula: Formula, names: Mapping[str, Formula]) -> Iterator[OpenwardError]:
    """Find what is wrong with a formula before anything is computed: unknown names, calls that do not fit."""
    for name in sorted(formula.names() - names.keys() - WORDS.keys()):
        hint = nearest(name, [*names, *WORDS], listing="names", otherwise="put text in quotes")
        yield UnknownCodeError(
            f"the formula uses {name!r}, which nothing defines", where=formula.where, hint=hint
        )
    for call in formula.calls():
        name = called(call)
        at = f"at column {call.col_offset + 1}"
        if name not in CALLABLE:
            hint = nearest(name, CALLABLE, listing="functions")
            yield UnknownCodeError(f"there is no function {name!r}, {at}", where=formula.where, hint=hint)
            continue
        keywords = {keyword.arg: None for keyword in call.keywords if keyword.arg}
        try:
            _signature(name).bind(None, *call.args, **keywords)
        except TypeError as error:
            what = f"{name}, {at}: {error}"
            yield InputError(what, where=formula.where, hint=f"it is {signature(name)}")


def signature(name: str) -> str:
    """Write how a function is called."""
    parts = [str(p.replace(annotation=p.empty)) for p in list(_signature(name).parameters.values())[1:]]
    kinds = [p.kind for p in list(_signature(name).parameters.values())[1:]]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        parts.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    return f"{name}({', '.join(parts)})"


@cache
def _signature(name: str) -> inspect.Signature:
    return inspect.signature(CALLABLE[name])


def _chain(values: list[Value], ops: list[ast.cmpop]) -> Value:
    results = [_compare(values[i], op, values[i + 1]) for i, op in enumerate(ops)]
    total = results[0]
    for result in results[1:]:
        total = combine(total, result, lambda a, b: bool(a) and bool(b))
    return total


def _compare(left: Value, op: ast.cmpop, right: Value) -> Value:
    compute = _COMPARE[type(op)]
    if isinstance(left, Series) or isinstance(right, Series):
        return combine(left, right, compute)
    if isinstance(left, frozenset) and isinstance(right, frozenset):
        return compute(left, right)
    return compute(scalar(left), scalar(right))

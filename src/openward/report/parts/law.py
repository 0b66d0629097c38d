"""Part 1, the law: the edits in sentences, what they touch, the rates before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from openward.impact.result import EditNote, LawPart, RateChange
from openward.report.blocks import Block, Cell, Column, Edit, Edits, Fact, Figure, Notes, Part, Swatch, Table
from openward.report.names import short_economy
from openward.report.numbers import count, listing, money, number, rate
from openward.report.theme import AFTER, BEFORE

if TYPE_CHECKING:
    import altair as alt

MOST_PAIRS = 14
MOST_RATES = 60


def law_part(law: LawPart, names: Mapping[str, str], *, year: int) -> Part:
    """Give the first part; ``year`` is the year of the flows.

    It needs no solution, so it can be shown before anything is solved.
    """
    pairs = _pairs(law.rate_changes)
    blocks: list[Block] = [
        Edits(tuple(_edit(e, names) for e in law.edits)),
        *([_pair_figure(pairs, names)] if pairs else []),
        *([_rates_table(law, names)] if law.rate_changes else []),
    ]
    if law.outside_baseline:
        outside = listing([names.get(c, c) for c in law.outside_baseline], most=60)
        blocks.append(
            Notes((f"Touched by the law but not in the baseline, so without figures here: {outside}.",))
        )
    return Part(
        key="law",
        number=1,
        title="The law",
        answer=law_sentence(law),
        facts=(
            Fact("Tariff lines touched", number(law.touched_lines) if law.touched_lines else "not counted"),
            Fact(
                "Partners touched",
                number(len(law.touched_partners)),
                listing([names.get(c, c) for c in law.touched_partners], most=4)
                if law.touched_partners
                else "",
            ),
            Fact(
                "Trade touched",
                money(law.touched_trade_musd),
                f"a year, flows of {year}",
            ),
            Fact(
                "Compared",
                law.on.isoformat(),
                f"law of {law.from_law.isoformat()} standing still, against the reform",
            ),
        ),
        blocks=tuple(blocks),
    )


def law_sentence(law: LawPart) -> str:
    """Say in a sentence or two what the reform edits and whether that has any effect."""
    if not law.edits:
        return "The reform holds no edit: nothing changes."
    total = f"The reform makes {count(len(law.edits), 'edit')} to the book “{law.book}”"
    idle = len(law.no_effect)
    if idle == len(law.edits):
        return f"{total}. {'It changes no' if idle == 1 else 'None of them changes an'} applied rate."
    without = f"; {count(idle, 'has', 'have').replace('1 has', 'one has')} no effect" if idle else ""
    lines = f" on {count(law.touched_lines, 'tariff line')}" if law.touched_lines else ""
    return (
        f"{total}{without}. On {law.on.isoformat()} they move the rates of "
        f"{count(len(law.touched_partners), 'partner')}{lines}, "
        f"worth {money(law.touched_trade_musd)} of trade a year."
    )


def _edit(edit: EditNote, names: Mapping[str, str]) -> Edit:
    tags = [edit.kind]
    if edit.status != "official":
        tags.append("unverified")
    if not edit.effective:
        tags.append("not valued" if edit.unvalued else "no effect")
    if edit.effective:
        partners = listing([names.get(c, c) for c in edit.partners], most=12)
        lines = f"{count(edit.lines, 'tariff line')} and " if edit.lines else ""
        touches = (
            f"Touches {lines}{count(len(edit.partners), 'partner')} ({partners}), "
            f"{money(edit.trade_musd)} of trade a year."
        )
    elif edit.unvalued:
        touches = f"Not valued: {edit.unvalued}."
    else:
        touches = f"No effect: {edit.why_not}." if edit.why_not else "No effect."
    return Edit(
        sentence=edit.sentence,
        on=edit.on.isoformat(),
        citation=edit.citation,
        url=edit.url if edit.url.startswith(("https://", "http://")) else "",
        tags=tuple(tags),
        touches=touches.replace("..", "."),
        without=tuple((names.get(c, c), why) for c, why in edit.partners_without_effect),
    )


def _pairs(changes: tuple[RateChange, ...]) -> list[tuple[str, str, float, float, float]]:
    """Give (importer, partner, mean rate before, after, trade), trade-weighted, most trade first."""
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for c in changes:
        sums[c.importer, c.partner][0] += c.before * c.trade_musd
        sums[c.importer, c.partner][1] += c.after * c.trade_musd
        sums[c.importer, c.partner][2] += c.trade_musd
    pairs = [(n, i, s[0] / s[2], s[1] / s[2], s[2]) for (n, i), s in sums.items() if s[2] > 0]
    return sorted(pairs, key=lambda p: (-p[4], p[0], p[1]))


def _pair_figure(pairs: list[tuple[str, str, float, float, float]], names: Mapping[str, str]) -> Figure:
    shown = pairs[:MOST_PAIRS]
    one_importer = len({p[0] for p in pairs}) == 1

    def draw() -> alt.LayerChart:
        from openward.report.charts import Pair, dumbbells

        rows = [
            Pair(
                label=short_economy(i, names.get(i, i)) if one_importer else f"{n} from {i}",
                before=100 * before,
                after=100 * after,
                text=f"{rate(before)} → {rate(after)}",
            )
            for n, i, before, after, _ in shown
        ]
        return dumbbells(rows, unit="mean applied rate on the industries touched, %")

    importer = f"into {names.get(pairs[0][0], pairs[0][0])}" if one_importer else "by importer and partner"
    left = f" The {len(shown)} pairs with most trade, of {len(pairs)}." if len(pairs) > len(shown) else ""
    return Figure(
        key="rates",
        title=f"Applied rates {importer}, before and after",
        says=" ".join(f"{n} from {i}: {rate(b)} before, {rate(a)} after." for n, i, b, a, _ in shown),
        draw=draw,
        legend=(Swatch(BEFORE, "ring", "before"), Swatch(AFTER, "dot", "after")),
        note=f"Trade-weighted over the industries whose rate moves.{left}",
    )


def _rates_table(law: LawPart, names: Mapping[str, str]) -> Table:
    from openward.codes.industries import industry

    changes = sorted(law.rate_changes, key=lambda c: -abs(c.after - c.before) * c.trade_musd)
    rows = tuple(
        (
            Cell(names.get(c.importer, c.importer)),
            Cell(names.get(c.partner, c.partner)),
            Cell(industry(c.sector).name, c.sector, ("unverified",) if c.unverified else ()),
            Cell(number(100 * c.before, 2), c.before),
            Cell(number(100 * c.after, 2), c.after),
            Cell(number(c.trade_musd, 1), c.trade_musd),
        )
        for c in changes[:MOST_RATES]
    )
    return Table(
        key="rate-changes",
        caption="Rates that move, by importer, partner and industry",
        columns=(
            Column("Importer", numeric=False),
            Column("Partner", numeric=False),
            Column("Industry", numeric=False),
            Column("Before", "%"),
            Column("After", "%"),
            Column("Trade", "million USD"),
        ),
        rows=rows,
        total=len(changes),
        note="Largest change of duty first. Rates are means over the tariff lines of an industry.",
        brief=8,
        folded=True,
    )

"""Times originshift's ``resolve`` on goods read from standard input, in an environment that has it."""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import Any


def main() -> None:
    # The peer lives in an environment of its own, where this file runs; ours does not hold it.
    from originshift import resolve  # type: ignore[import-not-found]
    from originshift.corpus import Corpus  # type: ignore[import-not-found]
    from originshift.resolve import Material  # type: ignore[import-not-found]

    goods: list[dict[str, Any]] = json.load(sys.stdin)
    corpus = Corpus.load()

    def ask(good: dict[str, Any], **more: Any) -> tuple[float, Any]:
        materials = [Material(code=c, country=o, value=v) for c, o, v in good["materials"]]
        begin = time.perf_counter()
        answer = resolve(good["code"], materials, good["made_in"], good_value=good["value"], **more)
        return time.perf_counter() - begin, answer

    ask(goods[0])
    as_called = [ask(good)[0] for good in goods[:40]]
    held = [ask(good, corpus=corpus) for good in goods]
    bases = {"tariff_shift", "tariff_shift_de_minimis", "exclusively_domestic"}
    verdicts = [
        True
        if a.status == "resolved" and a.basis in bases
        else False
        if a.satisfied is False or a.basis == "essential_character"
        else None
        for _, a in held
    ]
    print(
        json.dumps(
            {
                "as_called": statistics.median(as_called),
                "held": statistics.median(seconds for seconds, _ in held),
                "verdicts": verdicts,
            }
        )
    )


if __name__ == "__main__":
    main()

"""The other roads through a dumping case: matched sales, third country, the gate, bad input."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from openward.calculate.dumping.case import DumpingCase, parse_dumping, read_dumping
from openward.calculate.dumping.run import calculate_dumping
from openward.cli.main import run
from openward.errors import InputErrors, MissingDataError

HEAD = """
schema: openward.dumping/1
product: sheets
unit: t
currency: USD
importer: USA
exporter: XXA
proceeding: investigation
"""


def text(method: str, firm: str, rules: str = "usa") -> DumpingCase:
    return parse_dumping(
        f"{HEAD}rules: {rules}\nmethod: {method}\nfirms:\n  - name: A\n{firm}", where="case.yaml"
    )


COSTS = "    costs: [{pcn: P1, manufacture: 40, selling_general: 7, finance: 3}]\n"


def test_transaction_to_transaction_takes_the_nearest_day() -> None:
    case = text(
        "transaction-to-transaction",
        COSTS
        + """
    home_sales:
      - {id: H1, pcn: P1, on: 2025-01-10, quantity: 10, price: 100, customer: K}
      - {id: H2, pcn: P1, on: 2025-03-10, quantity: 10, price: 80, customer: K}
      - {id: H3, pcn: P1, on: 2025-03-10, quantity: 30, price: 60, customer: K}
    export_sales:
      - {id: E1, pcn: P1, on: 2025-01-20, quantity: 10, price: 90, customer: C}
      - {id: E2, pcn: P1, on: 2025-03-11, quantity: 28, price: 70, customer: C}
""",
    )
    firm = calculate_dumping(case).firms[0]
    # E1 with H1: (100 - 90) * 10 = 100; E2 with H3, as near as H2, nearer in quantity: (60 - 70) * 28 = -280
    assert firm.without_offsets.amount == 100
    assert firm.with_offsets.amount == -180
    assert firm.with_offsets.weighted == 0
    assert firm.without_offsets.weighted == Fraction(100, 900 + 1960)


def test_third_country_where_the_home_market_is_too_small() -> None:
    case = text(
        "average-to-average",
        COSTS
        + """
    fallback: third-country
    third_country:
      economy: XXC
      sales:
        - {id: T1, pcn: P1, quantity: 30, price: 75, customer: K, deductions: {ocean_freight: 5}}
        - {id: T2, pcn: P1, quantity: 10, price: 95, customer: K, deductions: {ocean_freight: 5}}
    home_sales: [{id: H1, pcn: P1, quantity: 4, price: 100, customer: K}]
    export_sales: [{id: E1, pcn: P1, quantity: 100, price: 70, customer: C}]
""",
    )
    firm = calculate_dumping(case).firms[0]
    assert firm.normal_values[0].value == 75  # (30 * 70 + 10 * 90) / 40
    assert firm.normal_values[0].basis == "third-country"
    assert firm.margin.weighted == Fraction(500, 7000)


def gate_case(low: str, high: str) -> DumpingCase:
    """Two purchasers, twenty sales each, normally spread around `low` and `high`."""
    from statistics import NormalDist

    spread = [round(NormalDist(0, 2).inv_cdf((k + 0.5) / 20), 2) for k in range(20)]
    sales = [
        {
            "id": f"{who}{k}",
            "pcn": "P1",
            "quantity": 1,
            "price": str(Fraction(mean) + Fraction(str(x))),
            "customer": who,
        }
        for who, mean in (("low", low), ("high", high))
        for k, x in enumerate(spread)
    ]
    for one in sales:
        one["price"] = float(Fraction(str(one["price"])))
        one |= {"region": "n", "on": "2025-01-02"}
    return parse_dumping(
        yaml.safe_dump(
            {
                "schema": "openward.dumping/1", "product": "p", "unit": "t", "currency": "USD",
                "importer": "USA", "exporter": "XXA", "proceeding": "investigation", "rules": "usa",
                "method": "pattern",
                "firms": [{
                    "name": "A",
                    "home_sales": [{"id": "H", "pcn": "P1", "quantity": 100, "price": 100, "customer": "K"}],
                    "costs": [{"pcn": "P1", "manufacture": 40, "selling_general": 7, "finance": 3}],
                    "export_sales": sales,
                }],
            }
        )
    )  # fmt: skip


def test_the_gate_opens_on_a_reliable_pattern_that_matters() -> None:
    # Means 80 and 120 against a normal value of 100: nothing on average, 20 * 20 hidden behind it.
    firm = calculate_dumping(gate_case("80", "120")).firms[0]
    assert firm.differential is not None
    assert firm.differential.scope == "whole"  # both groups pass
    assert firm.differential.reliable
    assert firm.method == "average-to-transaction"
    assert firm.margin.amount == 400  # every low sale is below 100, zeroing drops the high ones
    assert firm.margin.weighted == Fraction(400, 4000)


def test_no_meaningful_difference_keeps_the_averages() -> None:
    firm = calculate_dumping(gate_case("104", "120")).firms[0]
    assert firm.method == "average-to-average"
    assert firm.margin.weighted == 0


def test_the_judgment_of_2025_shuts_the_gate_on_unfit_data() -> None:
    case = gate_case("80", "120")
    kept = tuple(one for one in case.firms[0].export_sales if not one.id.startswith("high1"))
    firm = calculate_dumping(
        case.model_copy(update={"firms": (case.firms[0].model_copy(update={"export_sales": kept}),)})
    ).firms[0]
    assert firm.differential is not None
    assert firm.differential.scope == "whole"
    assert not firm.differential.reliable
    reasons = {
        reason for one in firm.differential.groups if one.conditions for reason in one.conditions.reasons
    }
    assert any("observations" in reason for reason in reasons)
    assert any("equally numerous" in reason for reason in reasons)
    assert firm.method == "average-to-average"


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(InputErrors) as caught:
        text(
            "average-to-average",
            """
    home_sales: [{id: H1, pcn: P1, quantity: -1, price: ten, customer: K, frieght: 3}]
    export_sales: [{id: E1, pcn: P1, quantity: 100, customer: C, deductions: {bribes: 1}}]
""",
        )
    said = {one.where: one.message for one in caught.value.errors}
    assert "greater than 0" in said["case.yaml: firms.0.home_sales.0.quantity"]
    assert "not a number" in said["case.yaml: firms.0.home_sales.0.price"]
    assert "not known" in said["case.yaml: firms.0.home_sales.0.frieght"]
    assert "required" in said["case.yaml: firms.0.export_sales.0.price"]
    assert "not known" in said["case.yaml: firms.0.export_sales.0.deductions.bribes"]


def test_missing_facts_of_all_firms_are_named_together() -> None:
    case = text(
        "average-to-average",
        """
    home_sales: [{id: H1, pcn: P1, quantity: 50, price: 10, customer: K}]
    export_sales: [{id: E1, pcn: P1, quantity: 100, price: 10, customer: C}]
  - name: B
    export_sales: [{id: E1, pcn: P1, quantity: 100, price: 10, customer: C}]
""",
    )
    with pytest.raises(InputErrors) as caught:
        calculate_dumping(case)
    assert [one.where for one in caught.value.errors] == ["A: costs", "B: fallback"]
    with pytest.raises(InputErrors, match="no CIF value"):
        calculate_dumping(
            text(
                "average-to-average",
                COSTS
                + """
    home_sales: [{id: H1, pcn: P1, quantity: 50, price: 100, customer: K}]
    export_sales: [{id: E1, pcn: P1, quantity: 100, price: 10, customer: C}]
""",
                rules="chn",
            )
        )


def test_related_sales_without_a_finding_are_named_where_the_law_has_no_figure() -> None:
    firm = (
        COSTS
        + """
    home_sales:
      - {id: H1, pcn: P1, quantity: 50, price: 100, customer: K}
      - {id: H2, pcn: P1, quantity: 50, price: 98, customer: R, related: true}
    export_sales: [{id: E1, pcn: P1, quantity: 100, price: 90, cif: 95, customer: C}]
"""
    )
    assert (
        calculate_dumping(text("average-to-average", firm)).firms[0].normal_values[0].value == 99
    )  # 98 % passes
    with pytest.raises(InputErrors, match="no finding"):
        calculate_dumping(text("average-to-average", firm, rules="chn"))


def test_sales_from_a_csv_file_beside_the_case(tmp_path: Path) -> None:
    (tmp_path / "exports.csv").write_text(
        "id,pcn,quantity,price,customer,deductions.ocean_freight,cif\nE1,P1,100,95,C,5,\n", encoding="utf-8"
    )
    (tmp_path / "case.yaml").write_text(
        HEAD + "rules: usa\nmethod: average-to-average\nfirms:\n  - name: A\n" + COSTS
        + "    home_sales: [{id: H1, pcn: P1, quantity: 50, price: 100, customer: K}]\n"
        + "    export_sales: {csv: exports.csv}\n",
        encoding="utf-8",
    )  # fmt: skip
    assert calculate_dumping(read_dumping(tmp_path / "case.yaml")).firms[0].margin.weighted == Fraction(
        10, 90
    )
    (tmp_path / "exports.csv").unlink()
    with pytest.raises(MissingDataError, match="no such file"):
        read_dumping(tmp_path / "case.yaml")


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(["calc", *words])
    out = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, out.out, out.err


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = call(capsys, "example", "dumping")
    assert code == 0
    file = tmp_path / "case.yaml"
    file.write_text(out, encoding="utf-8")
    code, out, err = call(capsys, "dumping", str(file), "--rules", "usa")
    assert code == 0
    assert "Alpha 5.36 %" in err
    assert "5.36" in out
    code, out, _ = call(capsys, "dumping", str(file), "--format", "json")
    assert json.loads(out)["rates"][0]["rate_pct"] == "2.8"
    assert json.loads(out)["steps"][0]["value"] == {"decimal": "110", "exact": "110"}
    code, out, _ = call(capsys, "dumping", str(file), "--steps")
    assert "1. Alpha E1: export price = 110 CNY per t" in out
    code, out, _ = call(capsys, "dumping", str(file), "--format", "csv")
    assert out.startswith("number,subject,step,formula,inputs,value,unit,citation\n")
    code, _, err = call(capsys, "dumping", str(file), "--rules", "fra")
    assert code == 3
    assert "chn, eur, gbr, usa" in err
    file.write_text(file.read_text(encoding="utf-8").replace("cif: 120", "ciff: 120"), encoding="utf-8")
    code, _, err = call(capsys, "dumping", str(file), "--format", "json")
    assert code == 3
    assert "ciff" in json.loads(err)["error"]["where"]
    code, _, _ = call(capsys, "dumping", str(tmp_path / "none.yaml"))
    assert code == 3
    code, out, _ = call(capsys, "rules", "chn", "--format", "json")
    assert {"rule": "lesser_duty", "says": "no"}.items() <= {
        key: value for row in json.loads(out) if row["rule"] == "lesser_duty" for key, value in row.items()
    }.items()

"""Build books/chn/measures/lines-sample.csv: fourteen tariff lines of China with every duty a source states
for them.

    python scripts/build_line_sample.py SHARED

MFN and retaliatory duties of 2018-2019 by line: Bown, Jung and Zhang (PIIE, 12 June 2019; cite), the last of
them carried forward. Agreement rates of 2025: pages TJKXDSL/103 and /106 of sino-customs.com as stored; a
blank cell means that the agreement has no rate for the line.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "src/openward/books/chn/measures/lines-sample.csv"
FIELDS = (
    *("id", "instrument", "imposed_by", "flow", "partners", "exclude", "products", "edition", "duty", "text"),
    *("conditions", "from", "to", "act", "article", "status", "note"),
)
ELSEWHERE = "JPN;KOR;AUS;NZL"
AGREEMENTS = {
    "asean": ("CHN-ASEAN", "fta-chn-asean-2004"),
    "cl": ("CHN-CHL", "fta-chn-chl-2005"),
    "pk": ("CHN-PAK", "fta-chn-pak-2006"),
    "nz": ("CHN-NZL", "fta-chn-nzl-2008"),
    "sg": ("CHN-SGP", "fta-chn-sgp-2008"),
    "pe": ("CHN-PER", "fta-chn-per-2009"),
    "cr": ("CHN-CRI", "fta-chn-cri-2010"),
    "ch": ("CHN-CHE", "fta-chn-che-2013"),
    "is": ("CHN-ISL", "fta-chn-isl-2013"),
    "kr": ("CHN-KOR", "fta-chn-kor-2015"),
    "au": ("CHN-AUS", "fta-chn-aus-2015"),
    "ge": ("CHN-GEO", "fta-chn-geo-2017"),
    "mu": ("CHN-MUS", "fta-chn-mus-2019"),
    "kh": ("CHN-KHM", "fta-chn-khm-2020"),
    "ni": ("CHN-NIC", "fta-chn-nic-2023"),
    "ec": ("CHN-ECU", "fta-chn-ecu-2023"),
    "rs": ("CHN-SRB", "fta-chn-srb-2023"),
    "hn": ("CHN-HND", "eh-chn-hnd-2024"),
    "mv": ("CHN-MDV", "fta-chn-mdv-2017"),
    "hk": ("CEPA-HKG", "cepa-hkg-2003"),
    "mo": ("CEPA-MAC", "cepa-mac-2003"),
}
RCEP = {"rcep_jp": "JPN", "rcep_kr": "KOR", "rcep_au": "AUS", "rcep_nz": "NZL", "rcep_asean": "RCEP"}
CUTS = {
    "2018-05-01": "mfn_2018_05_01_pharma",
    "2018-07-01": "mfn_2018_07_01_consumer_autos_ita",
    "2018-11-01": "mfn_2018_11_01_industrial",
}
ROUNDS = {
    "2018-07-06": "ret301_2018_07_06_34b",
    "2018-08-23": "ret301_2018_08_23_16b",
    "2018-09-24": "ret301_2018_09_24_60b",
    "2019-06-01": "ret301_2019_06_01_increase",
}
Cells = dict[str, str]


def percent(value: float) -> str:
    """Write percentage points as a duty."""
    return f"{round(value, 2):g} %"


def mfn(line: str, row: Cells) -> Iterator[Cells]:
    """Give the MFN duty of a line over time."""
    rate, since = float(row["mfn_2018_01_01"]), "2018-01-01"
    common = {"instrument": "mfn-duty", "products": line, "act": "chn-customs-tariff"}
    for day, column in CUTS.items():
        change = round(float(row[column]), 6)
        if change:
            yield common | {"id": f"chn-mfn-{since}-{line}", "duty": percent(rate), "from": since, "to": day}
            rate, since = rate + change, day
    assert abs(rate - float(row["mfn_2019_06_01"])) < 1e-6, line
    yield common | {"id": f"chn-mfn-{since}-{line}", "duty": percent(rate), "from": since, "to": "2020-01-01"}
    yield common | {
        "id": f"chn-mfn-2020-01-01-{line}",
        "duty": percent(rate),
        "from": "2020-01-01",
        "status": "unverified",
        "note": "rate of mid-2019 carried forward",
    }


def retaliation(line: str, row: Cells) -> Iterator[Cells]:
    """Give the additional duties on goods of the United States, the rounds added up."""
    common = {"instrument": "retaliatory-duty", "partners": "USA", "products": line, "act": "chn-tc-usa-2018"}
    total, since = 0.0, ""
    for day, column in ROUNDS.items():
        if float(row[column]):
            if since:
                yield common | {
                    "id": f"chn-usa-{since}-{line}",
                    "duty": percent(total),
                    "from": since,
                    "to": day,
                }
            total, since = total + float(row[column]), day
    if since:
        yield common | {
            "id": f"chn-usa-{since}-{line}",
            "duty": percent(total),
            "from": since,
            "to": "2019-09-01",
        }
        yield common | {
            "id": f"chn-usa-2019-09-01-{line}",
            "duty": percent(total),
            "from": "2019-09-01",
            "status": "unverified",
            "note": "mid-2019 carried forward: the round of 2019-09-01 and exclusions since are not at hand",
        }


def agreements(line: str, row: Cells) -> Iterator[Cells]:
    """Give every agreement column of a line; a blank one says that there is no rate."""
    for column, (group, act) in AGREEMENTS.items():
        yield _agreed(line, column, row, group, act, group, "")
    for column, partner in RCEP.items():
        exclude = ELSEWHERE if partner == "RCEP" else ""
        yield _agreed(line, column, row, "RCEP", "rcep-2020", partner, exclude)


def _agreed(line: str, column: str, row: Cells, group: str, act: str, partner: str, exclude: str) -> Cells:
    said = (row[column] or "").strip()
    duty = {"duty": percent(float(said))} if said else {"text": "no agreement rate on this line"}
    return duty | {
        "id": f"chn-2025-{column.replace('_', '-')}-{line}",
        "instrument": "preferential-duty",
        "partners": partner,
        "exclude": exclude,
        "products": line,
        "conditions": f"origin={group};membership={group}",
        "from": "2025-01-01",
        "act": act,
        "status": "unverified",
        "note": f"{row['source']} (stored page): rates of 2025, carried forward",
    }


def main(shared: Path) -> None:
    """Write the table."""
    folder = shared / "data/tariff/cn"
    with (folder / "cn_tariff_hs10_2018_2019.csv").open(encoding="utf-8") as file:
        tariff = {row["hs10"][:8]: row for row in csv.DictReader(file)}
    with (folder / "cn_agreement_rates_2025_sample.tsv").open(encoding="utf-8") as file:
        sample = sorted(csv.DictReader(file, delimiter="\t"), key=lambda row: row["hs8"])
    with OUT.open("w", encoding="utf-8", newline="") as file:
        file.write("# Tariff lines of China, a sample of fourteen; sources in scripts/build_line_sample.py\n")
        writer = csv.DictWriter(file, FIELDS, restval="", lineterminator="\n")
        writer.writeheader()
        for row in sample:
            line = row["hs8"]
            for found in (*mfn(line, tariff[line]), *agreements(line, row), *retaliation(line, tariff[line])):
                writer.writerow({"imposed_by": "CHN", "flow": "import", "edition": "HS2022"} | found)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

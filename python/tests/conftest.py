"""What several tests share: a screener, records, and the program `tidewaiter` where it was built."""

import os
import pathlib
import random
import sys

import pytest

import tidewaiter

# Spark's workers run the Python that runs the tests: another may not have the package.
os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Names that are listed, and some that are not.
LISTED = [
    "SZ DJI Technology Co., Ltd.",
    "Autel Robotics Co., Ltd.",
    "Huawei Technologies Co., Ltd.",
    "Semiconductor Manufacturing International Corporation",
    "Hangzhou Hikvision Digital Technology Co., Ltd.",
    "Mahan Airways",
    "Zala Aero Group",
    "Yangtze Memory Technologies Co., Ltd.",
    "Dahua Technology",
    "Hoshine Silicon Industry (Shanshan) Co., Ltd.",
]
OTHERS = ["Nordhafen Papier", "Alder Creek Pumps", "Tolosa Ceramica", "Kyoto Lantern", "Baltic Rope", "Pico Verde Cafe"]
FORMS = ["GmbH", "LLC", "S.A.", "Ltd", "Co., Ltd.", "OOO", ""]
GOODS = ["drone parts", "paper", "ceramic tiles", "semiconductor wafers", "spare parts", "MAVIC 3 battery", "coffee", "N/A"]
PLACES = ["CNSZX", "Almaty, KZ", "Moscow", "DEHAM", "Dubai, AE", "Sevastopol", "Rotterdam", ""]
COUNTRIES = ["CN", "DE", "RU", "Kazakhstan", "United Arab Emirates", "US", "", "XX"]


def rows(count: int, seed: int = 20261130) -> list[dict[str, str]]:
    """Flat records as a CSV file has them, the same for the same seed."""
    choose = random.Random(seed)

    def name() -> str:
        if choose.random() < 0.15:
            name = choose.choice(LISTED)
            at = choose.randrange(1, len(name))
            forms = [name, name.upper(), name[:at] + name[at + 1 :], f"{name}, 10 Nanhai Road, Shenzhen, CHINA"]
            return choose.choice(forms)
        return f"{choose.choice(OTHERS)} {choose.randrange(900)} {choose.choice(FORMS)}".strip()

    return [
        {
            "reference": f"R{at:06}",
            "description": choose.choice(GOODS),
            "hs_code": choose.choice(["852589", "480256", "854231", "", "88.06", "8806x"]),
            "consignee": name(),
            "consignee_country": choose.choice(COUNTRIES),
            "consignee_address": choose.choice(["", "ul. Tverskaya 1, Moskva", "12 Hafenstr., Bremen"]),
            "forwarder": name() if choose.random() < 0.3 else "",
            "destination": choose.choice(PLACES),
            "as_of": choose.choice(["", "", "", "2026-01-31", "2019-05-01"]),
        }
        for at in range(count)
    ]


@pytest.fixture(scope="session")
def screener() -> tidewaiter.Screener:
    return tidewaiter.Screener()


@pytest.fixture
def own_list(tmp_path) -> pathlib.Path:
    """A list of one's own with two entries."""
    path = tmp_path / "own.csv"
    path.write_text("name,country\nHarbour Dynamics Research,CN\nGrey Lantern Holding,RU\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def program() -> pathlib.Path:
    """The program, to compare with; `TIDEWAITER` names it, else the one last built is used."""
    named = os.environ.get("TIDEWAITER")
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built = [target / kind / "tidewaiter" for kind in ("debug", "release")]
    found = [pathlib.Path(named)] if named else sorted((p for p in built if p.exists()), key=lambda p: p.stat().st_mtime)
    if not found or not found[-1].exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the program is not built: set TIDEWAITER, or run `cargo build`")
        pytest.skip("the program is not built")
    return found[-1]

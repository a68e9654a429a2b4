"""`caselore tabulate` with a cohort, periods, bands, rates, published figures, and risk rating forms."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from command import Caselore

from caselore.cli.tabulate import Asked, declared_as
from caselore.codebook.codebook import load

SAMPLES = Path(__file__).parents[2] / "samples" / "reviews"


@pytest.fixture(scope="module")
def release(caselore: Caselore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six deaths of 2018 as a coded layer; the cases are made up."""
    path = tmp_path_factory.mktemp("layer") / "layer.json"
    cases = [
        {
            "case_id": f"FICTION-{place}",
            "source_type": "SCR",
            "jurisdiction": "England",
            "year": 2019,
            "scale_band": "single",
            "agencies": ["police"],
            "risk_indicators": ["neglect"],
            "decisions": [{"step": 1, "decision_type": "assessment", "agency": "police"}],
            "integrity_flags": ["information_not_shared"],
            "source_ref": {"title": "A made-up review", "repository": "Ours", "licence": "OGL v3.0", "url": ""},
        }
        for place in range(6)
    ]
    path.write_text(json.dumps({"schema_version": "1.0", "coder": "us", "cases": cases}), "utf-8")
    return path


def told(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_everything_asked_at_once(caselore: Caselore, release: Path, tmp_path: Path) -> None:
    asked = ("--where", "source_type=scr and agencies=police", "--bands", "report", "--beside")
    done = caselore("tabulate", release, "--out", tmp_path, "--show-small-counts", *asked)
    assert done.returncode == 0, done.stderr
    rows = told(tmp_path / "tidy" / "agencies.csv")
    assert [row["shown"] for row in rows if (row["row"], row["measure"]) == ("police", "count")] == ["6"]
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "Only reviews that meet the filter: source_type=scr and agencies=police." in page
    assert "Beside earlier analyses" in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--where", "outcome=deth"), "'outcome' has no code 'deth'; did you mean death"),
        (("--period", "2014-2011"), "'2014-2011' is no period"),
        (("--bands", "onz"), "There are no bands 'onz'"),
        (("--population", "mars"), "There is no population 'mars'"),
        (("--where", "year>=2050"), "None of 6 reviews meets the filter; mend it, or widen it."),
    ],
)
def test_what_cannot_be_is_one_sentence(
    words: tuple[str, str], sentence: str, caselore: Caselore, release: Path, tmp_path: Path
) -> None:
    done = caselore("tabulate", release, "--out", tmp_path / "out", *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_nothing_to_count_is_one_sentence(caselore: Caselore, release: Path, tmp_path: Path) -> None:
    """A layer without cases ended in a traceback of arrays; a form that is not there in the words of the system."""
    bare = tmp_path / "layer.json"
    bare.write_text(json.dumps({**json.loads(release.read_text("utf-8")), "cases": []}), "utf-8")
    done = caselore("tabulate", bare, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (2, f"{bare} holds no case; there is nothing to count.\n")
    form = tmp_path / "forms.csv"
    done = caselore("tabulate", form, "--out", tmp_path / "out")
    said = f"{form} cannot be read as CSV in UTF-8 (No such file or directory); name a risk rating form.\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_the_folder_of_a_run_stands_for_the_release_in_it(caselore: Caselore, release: Path, tmp_path: Path) -> None:
    """`caselore report out` was told to name a folder that `caselore run` wrote: it was one."""
    assert caselore("run", release, "--out", tmp_path / "ran").returncode == 0
    done = caselore("tabulate", tmp_path / "ran", "--out", tmp_path / "tables")
    assert done.returncode == 0, done.stderr
    written = list((tmp_path / "tables" / "csv").iterdir())
    assert f"tables: {len(written)}\n" in done.stdout  # it counted the tables of which nothing is there to show as well
    assert (tmp_path / "tables" / "index.html").read_text("utf-8") == (
        tmp_path / "ran" / "tables" / "index.html"
    ).read_text("utf-8")


def test_risk_rating_forms(caselore: Caselore, tmp_path: Path) -> None:
    form = tmp_path / "forms.csv"
    lines = [f"{n},{'s31' if n < 5 else 'private'},{n}" for n in range(10)]
    form.write_text("case,law_type,risk_rating\n" + "\n".join(lines) + "\n", "utf-8")
    done = caselore("tabulate", form, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    means = {
        row["row_label"]: row["shown"]
        for row in told(tmp_path / "out/tidy/rating-by-law-type.csv")
        if row["measure"] == "mean"
    }
    assert means == {"Private": "7", "S31": "2", "All reviews": "4.5"}
    assert "It does not predict" in (tmp_path / "out/index.html").read_text("utf-8")


def test_a_population_is_asked_of_the_tables_that_know_it() -> None:
    declared, cohort = declared_as(Asked(periods=("2011-2013",), population="england-regions"), load())
    assert [table.id for table in declared if "per_100000" in table.measures] == ["region"]
    assert cohort == ()


@pytest.fixture(scope="module")
def drawn(caselore: Caselore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run over the shipped sample writes."""
    out = tmp_path_factory.mktemp("drawn") / "out"
    assert caselore("run", SAMPLES, "--out", out).returncode == 1  # a scanned page stays unread
    return out


def test_two_runs_over_one_release_hide_the_same_cells(
    caselore: Caselore, drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs that hide different cells show every count between them; Python orders sets by a seed of the run."""
    tables = []
    for seed in ("0", "1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        assert caselore("tabulate", drawn / "release", "--out", tmp_path / seed).returncode == 0
        tables.append({path.name: path.read_bytes() for path in (tmp_path / seed / "csv").iterdir()})
    assert len(tables[0]) > 50
    assert tables[0] == tables[1] == tables[2]


@pytest.mark.parametrize("form", ["html", "docx"])
def test_our_own_report_stands_our_own_audit(caselore: Caselore, drawn: Path, tmp_path: Path, form: str) -> None:
    """Hidden counts, bases beside a total and tests without what is missing are no contradictions."""
    report = tmp_path / f"report.{form}"
    assert caselore("report", drawn / "release", "--out", report).returncode == 0
    done = caselore("audit", report, "--least", "0.7", "--json")
    assert json.loads(done.stdout) == []

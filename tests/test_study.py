"""The folder of a study: made, opened, and refused in one sentence where it cannot be understood."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.errors import StudyError
from caselore.study import FILE, is_study, make_study, open_study


def test_a_study_is_what_was_made(tmp_path: Path) -> None:
    made = make_study(tmp_path / "s", title='Reviews "2026" – \\ é', mode="team", codebooks=("own.yaml",), smallest=8)
    assert open_study(tmp_path / "s") == made
    assert is_study(tmp_path / "s")
    assert (made.blind_share, made.smallest, made.mode) == (0.1, 8, "team")
    assert Path(made.books[0]).is_absolute()
    assert made.documents.is_dir()
    assert made.releases.is_dir()


@given(title=st.text(min_size=1, max_size=30).filter(lambda t: t.isprintable()))
def test_any_printable_title_survives(title: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("study")
    assert make_study(folder / "s", title=title).title == open_study(folder / "s").title == title


def test_a_folder_without_a_study_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="caselore init"):
        open_study(tmp_path)
    assert not is_study(tmp_path)


def test_a_study_is_not_made_twice(tmp_path: Path) -> None:
    make_study(tmp_path / "s")
    with pytest.raises(StudyError, match="already"):
        make_study(tmp_path / "s")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('mode = "crowd"', "'single' or 'team'"),
        ("blind_share = 2", "from 0 to 1"),
        ("blind_share = true", "from 0 to 1"),
        ("smallest = 0", "whole number"),
        ('codebooks = "one"', "list of paths"),
        ("codebooks = [1]", "list of paths"),
        ("title = ", "cannot be read"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / FILE).write_text(line, encoding="utf-8")
    with pytest.raises(StudyError, match=says) as told:
        open_study(tmp_path)
    assert FILE in str(told.value)

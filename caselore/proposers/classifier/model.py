"""The model as a record, and its file: arrays and JSON in one .npz, in which nothing can run when it is read.

The file holds no word of a review (terms are hashed), names the passes it learned from, and carries the sha256 of all
that it holds: one that was changed or cut short is refused, and so is one of another codebook's major version.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caselore.codebook.codebook import Codebook
from caselore.errors import ClassifierError
from caselore.proposers.classifier.calibration import Calibration
from caselore.proposers.classifier.cases import Pass
from caselore.proposers.classifier.conformal import Region
from caselore.proposers.classifier.features import Block, Features
from caselore.proposers.classifier.fields import FieldFigures, FieldModel
from caselore.proposers.classifier.linear import Linear
from caselore.proposers.classifier.scoring import Score
from caselore.proposers.classifier.signals import Key
from caselore.proposers.classifier.stacking import Stack

VERSION = "1.0"
FORM = 1
"""The form of the file; another number is refused."""


@dataclass(frozen=True)
class Model:
    """All that a classifier knows. `keys` are the codes it learned, in the order of the readers' columns.

    `quoted` says of each key whether coders quoted words for it often enough to tell its passages apart; `passages` is
    how many a training case has; `base` are the ids of the proposers that it is stacked on.
    """

    features: Features
    keys: tuple[Key, ...]
    quoted: tuple[bool, ...]
    passage: Linear
    whole: Linear
    fields: Mapping[str, FieldModel]
    passages: int
    books: Mapping[str, str]
    base: tuple[str, ...]
    passes: tuple[Pass, ...]
    figures: Mapping[str, FieldFigures]
    grouped: bool = True
    seed: int = 0


def save(model: Model, path: Path) -> str:
    """Write the file, whole or not at all, and say its sha256."""
    arrays = _arrays(model)
    about = {**_manifest(model), "sha256": _digest(arrays, _manifest(model))}
    arrays["manifest"] = np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    with half.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    half.replace(path)
    return str(about["sha256"])


def load(path: Path, codebook: Codebook) -> Model:
    """Read a model for use with a codebook.

    Raises:
        ClassifierError: the file is no model, was changed, or was made with a codebook of another major version.
    """
    arrays, about = _opened(path)
    for book, version in about["books"].items():
        here = codebook.versions.get(book)
        if here is None or here.partition(".")[0] != version.partition(".")[0]:
            raise ClassifierError(
                f"{path}: it learned with codebook {book} {version}, and here is {here or 'none of that name'}; "
                "train it anew with 'caselore train'."
            )
    return _model(arrays, about)


def manifest(path: Path) -> dict[str, Any]:
    """What the file says of itself. Raises ClassifierError as `load` does, but for the codebook."""
    return _opened(path)[1]


def _opened(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about: dict[str, Any] = json.loads(arrays.pop("manifest").tobytes())
        form, sha256 = about["form"], about.pop("sha256")
    except OSError as error:
        raise ClassifierError(f"{path}: it cannot be read ({error}); name a file of 'caselore train'.") from None
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile):
        raise ClassifierError(f"{path}: it is no classifier, or cut short; write one with 'caselore train'.") from None
    if form != FORM:
        raise ClassifierError(f"{path}: it has form {form}, and this version reads form {FORM}; train it anew.")
    if sha256 != _digest(arrays, about):
        raise ClassifierError(f"{path}: it was changed after it was written; train it anew with 'caselore train'.")
    return arrays, {**about, "sha256": sha256}


def _digest(arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> str:
    whole = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for name in sorted(arrays):
        one = np.ascontiguousarray(arrays[name])
        whole.update(f"{name} {one.dtype.str} {one.shape}".encode())
        whole.update(one.tobytes())
    return whole.hexdigest()


def _arrays(model: Model) -> dict[str, NDArray[Any]]:
    out: dict[str, NDArray[Any]] = {
        "passage.weights": model.passage.weights.astype(np.float16),
        "passage.level": model.passage.level,
        "whole.weights": model.whole.weights.astype(np.float16),
        "whole.level": model.whole.level,
    }
    for n, block in enumerate(model.features.blocks):
        out |= {f"block{n}.places": block.places, f"block{n}.idf": block.idf}
    for name, field in model.fields.items():
        out[f"{name}.stack"] = field.stack.moves
        if field.calibration is not None:
            out |= {f"{name}.slope": field.calibration.slope, f"{name}.steps": field.calibration.steps}
    return out


def _manifest(model: Model) -> dict[str, Any]:
    return {
        "form": FORM,
        "classifier": VERSION,
        "keys": [list(key) for key in model.keys],
        "quoted": list(model.quoted),
        "dimensions": model.features.dimensions,
        "fields": {
            name: {
                "level": None if field.calibration is None else field.calibration.level,
                "region": [field.region.present_from, field.region.absent_to],
            }
            for name, field in model.fields.items()
        },
        "passages": model.passages,
        "books": dict(model.books),
        "base": list(model.base),
        "passes": [asdict(each) for each in model.passes],
        "figures": {name: asdict(each) for name, each in model.figures.items()},
        "grouped": model.grouped,
        "seed": model.seed,
    }


def _model(arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> Model:
    blocks = sum(name.endswith(".places") for name in arrays)
    return Model(
        features=Features(
            tuple(Block(arrays[f"block{n}.places"], arrays[f"block{n}.idf"]) for n in range(blocks)),
            about["dimensions"],
        ),
        keys=tuple((field, code) for field, code in about["keys"]),
        quoted=tuple(about["quoted"]),
        passage=_linear(arrays, "passage"),
        whole=_linear(arrays, "whole"),
        fields={name: _field(arrays, name, field) for name, field in about["fields"].items()},
        passages=about["passages"],
        books=about["books"],
        base=tuple(about["base"]),
        passes=tuple(Pass(**each) for each in about["passes"]),
        figures={name: _figures(each) for name, each in about["figures"].items()},
        grouped=about["grouped"],
        seed=about["seed"],
    )


def _linear(arrays: Mapping[str, NDArray[Any]], name: str) -> Linear:
    return Linear(arrays[f"{name}.weights"].astype(np.float32), arrays[f"{name}.level"])


def _field(arrays: Mapping[str, NDArray[Any]], name: str, about: Mapping[str, Any]) -> FieldModel:
    level = about["level"]
    known = None if level is None else Calibration(arrays[f"{name}.slope"], level, arrays[f"{name}.steps"])
    return FieldModel(known, Stack(arrays[f"{name}.stack"]), Region(*about["region"]))


def _figures(about: Mapping[str, Any]) -> FieldFigures:
    scores = {name: Score(**about[name]) for name in ("rules", "classifier", "stacked")}
    return FieldFigures(**{**about, **scores})

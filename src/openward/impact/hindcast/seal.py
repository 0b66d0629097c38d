"""Seal a prediction: SHA-256 over its canonical JSON together with the day it was made."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from openward.errors import IntegrityError, MissingDataError, RefusedError
from openward.impact.hindcast.prediction import Prediction, prediction_of

FORM = "openward.sealed/1"


def canonical(value: Any) -> bytes:
    """Give JSON that is the same for equal values: keys sorted, no spaces, UTF-8, finite numbers only."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(prediction: dict[str, Any], sealed_on: str) -> str:
    """Give the seal: the digest of the prediction and the day of its sealing."""
    return hashlib.sha256(canonical({"prediction": prediction, "sealed_on": sealed_on})).hexdigest()


def seal(prediction: Prediction, *, on: date) -> dict[str, Any]:
    """Give a sealed prediction, ready to be written."""
    plain, day = prediction.as_dict(), on.isoformat()
    return {"form": FORM, "sha256": digest(plain, day), "sealed_on": day, "prediction": plain}


def open_seal(document: dict[str, Any], *, where: str = "") -> tuple[Prediction, date, str]:
    """Check a seal and give the prediction, its day and its digest.

    Raises
    ------
    IntegrityError
        The content is not what was sealed, or the document has no seal.
    """
    try:
        stated, day, plain = document["sha256"], document["sealed_on"], document["prediction"]
        found = digest(plain, day)
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError(
            "this is no sealed prediction", where=where, hint="it needs sha256, sealed_on and prediction"
        ) from error
    if found != stated:
        raise IntegrityError(
            f"the seal is broken: the content has the digest {found[:16]}..., the seal says {stated[:16]}...",
            where=where,
            hint="the prediction, its day or the seal was changed after sealing: get the file as published",
        )
    return prediction_of(plain), date.fromisoformat(day), stated


def read_sealed(episode: str, folder: Path | None = None) -> tuple[Prediction, date, str]:
    """Read the sealed prediction of an episode: the one that ships, or one of a folder.

    Raises
    ------
    MissingDataError, IntegrityError
    """
    name = f"{episode}.json"
    place = files("openward.impact.hindcast").joinpath("sealed", name) if folder is None else folder / name
    if not place.is_file():
        raise MissingDataError(f"no sealed prediction of {episode!r}", where=str(place))
    try:
        document = json.loads(place.read_text(encoding="utf-8"))
    except ValueError as error:
        raise IntegrityError(
            "the sealed file is not JSON", where=str(place), hint="get the file as published"
        ) from error
    return open_seal(document, where=name)


def write_sealed(prediction: Prediction, folder: Path, *, on: date) -> Path:
    """Seal a prediction and write it; what is sealed is not overwritten.

    Raises
    ------
    RefusedError
        A sealed prediction of that name exists.
    """
    path = folder / f"{prediction.episode}.json"
    if path.exists():
        raise RefusedError(
            f"a sealed prediction of {prediction.episode!r} exists",
            where=str(path),
            hint="predictions are not overwritten: choose another folder",
        )
    folder.mkdir(parents=True, exist_ok=True)
    document = seal(prediction, on=on)
    rows = document["prediction"]["cells"]
    text = json.dumps(
        {**document, "prediction": {**document["prediction"], "cells": []}}, indent=1, ensure_ascii=False
    )
    lines = ",\n".join("   " + json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(text.replace('"cells": []', f'"cells": [\n{lines}\n  ]') + "\n", encoding="utf-8")
    return path

"""How others find and load the data: the Hugging Face card's front matter and MLCommons Croissant metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from stance.codebook import Codebook
from stance.corpus import OWN
from stance.storage import to_json, write_text

CARD, CROISSANT = "README.md", "croissant.json"
VERSION = "0.3.0"  # of the data; bump on every change of it, because `datasets` caches by version
TITLE = "stance: motives and stances in news about North Korea"
DESCRIPTION = (
    "Statements of news, analysis and official text about North Korea, each labeled with the motive of the leadership "
    "that it speaks to and its stance toward that motive. Labels by language-model annotators under a published "
    "codebook. Text is included for the project's own articles; labels on the text of others are stand-off."
)
LICENCE = "https://creativecommons.org/licenses/by/4.0/"

# fmt: off
CROISSANT_TERMS = (
    "citeAs", "column", "extract", "field", "fileProperty", "fileObject", "fileSet", "format", "includes",
    "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated",
    "replace", "separator", "source", "subField", "transform",
)
# fmt: on

Built = Mapping[str, Mapping[str, list[dict[str, Any]]]]
"""Collection → split → rows."""


def write_card(labeled: Path, built: Built, codebook: Codebook) -> None:
    """Renew the card's front matter, by which `datasets.load_dataset` finds splits and features; the prose stays."""
    card = labeled / CARD
    _, _, prose = card.read_text(encoding="utf-8").partition("\n---\n") if card.is_file() else ("", "", "\n")
    out = StringIO()
    yaml = YAML()
    yaml.width = 120
    yaml.dump(_front_matter(labeled, built, codebook), out)
    write_text(card, f"---\n{out.getvalue()}---\n{prose}")


def write_croissant(labeled: Path, built: Built) -> None:
    """Write the Croissant 1.0 description of the built files: where each lies, its hash, and its fields."""
    files = [(name, split, labeled / name / f"{split}.jsonl") for name in _names(built) for split in built[name]]
    described = {
        "@context": _context(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "stance",
        "description": DESCRIPTION,
        "license": LICENCE,
        "version": VERSION,
        "citeAs": f"The stance project (2026). stance corpus, version {VERSION}.",
        "datePublished": "2026-11-23",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"{name}-{split}",
                "name": f"{name}-{split}",
                "contentUrl": f"{name}/{split}.jsonl",
                "encodingFormat": "application/jsonlines",
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for name, split, path in files
        ],
        "recordSet": [_record_set(name, split, built[name][split][0]) for name, split, _ in files],
    }
    write_text(labeled / CROISSANT, to_json(described, indent=1) + "\n")


def _record_set(name: str, split: str, first: Mapping[str, Any]) -> dict[str, Any]:
    id_ = f"{name}-{split}-statements"
    return {
        "@type": "cr:RecordSet",
        "@id": id_,
        "name": id_,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{id_}/{key}",
                "name": key,
                "dataType": "sc:Integer" if isinstance(value, int) else "sc:Text",
                "source": {"fileObject": {"@id": f"{name}-{split}"}, "extract": {"column": key}},
            }
            for key, value in first.items()
        ],
    }


def _context() -> dict[str, Any]:
    """Return the JSON-LD context that the Croissant 1.0 specification prescribes."""
    return {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
    } | {name: f"cr:{name}" for name in CROISSANT_TERMS}


def _names(built: Built) -> list[str]:
    return sorted(built, key=lambda name: name != OWN)


def _front_matter(labeled: Path, built: Built, codebook: Codebook) -> dict[str, Any]:
    names = _names(built)
    configs: list[dict[str, Any]] = [
        {"config_name": name, "data_files": [{"split": s, "path": f"{name}/{s}.jsonl"} for s in built[name]]}
        for name in names
    ]
    configs[0]["default"] = True
    total = sum(len(rows) for splits in built.values() for rows in splits.values())
    return {
        "pretty_name": TITLE,
        "language": ["en"],
        "license": "cc-by-4.0",
        "task_categories": ["text-classification"],
        "size_categories": ["1K<n<10K" if total >= 1000 else "n<1K"],
        "tags": ["stance-detection", "motive", "news", "north-korea", "stand-off"],
        "configs": configs,
        "dataset_info": [_info(labeled, name, built[name], codebook) for name in names],
    }


def _info(labeled: Path, name: str, splits: Mapping[str, list[dict[str, Any]]], codebook: Codebook) -> dict[str, Any]:
    first = next(iter(splits.values()))[0]
    return {
        "config_name": name,
        "version": VERSION,
        "features": [{"name": key, "dtype": _dtype(key, value, codebook)} for key, value in first.items()],
        "splits": [
            {"name": split, "num_bytes": (labeled / name / f"{split}.jsonl").stat().st_size, "num_examples": len(rows)}
            for split, rows in splits.items()
        ],
    }


def _dtype(key: str, value: object, codebook: Codebook) -> Any:
    if key in codebook.axes:
        return {"class_label": {"names": {str(i): label for i, label in enumerate(codebook.labels(key))}}}
    return "int64" if isinstance(value, int) else "string"

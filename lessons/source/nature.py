# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Nature of a file by its content: a text, a workbook, or something that is no lesson, said in one sentence."""

from __future__ import annotations

import re
from pathlib import PurePath

TEXTS, WORKBOOKS = (".yaml", ".yml"), (".xlsx",)
"""How names of lesson files end."""

_ZIP = b"PK\x03\x04"
_ZIP_END = b"PK\x05\x06"
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TAR = slice(257, 262)
_SIXTEEN = (b"\xff\xfe", b"\xfe\xff")
_OTHERS = (
    (re.compile(rb"%PDF-"), "un PDF"),
    (re.compile(rb"\s*<(?:!doctype|html)", re.IGNORECASE), "une page web"),
    (re.compile(rb"\s*<\?xml"), "un fichier XML"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF"), "une image"),
)

_ARCHIVE = "C’est une archive, pas une leçon. Envoyez le fichier lui-même, .xlsx ou .yaml."
_NO_WORKBOOK = "Ce n’est pas un classeur .xlsx : dans votre tableur, « Enregistrer sous », au format .xlsx."


def is_workbook(name: str) -> bool:
    """Tell whether a file is meant as a workbook, by its name."""
    return _suffix(name) in WORKBOOKS


def is_lesson(name: str) -> bool:
    """Tell whether a file is meant as a lesson, by its name."""
    return _suffix(name) in (*TEXTS, *WORKBOOKS)


def _suffix(name: str) -> str:
    return PurePath(name).suffix.casefold()


def refusal(content: bytes, name: str) -> str:
    """Return why a file cannot be what its name says, in one French sentence; empty when it may be."""
    if not is_lesson(name):
        return "Une leçon est un classeur .xlsx ou un fichier .yaml."
    if not content and is_workbook(name):
        return "fichier vide"
    if content.startswith(_OLE):
        return _old(content)
    if content.startswith(_ARCHIVES) or content[_TAR] == b"ustar":
        return _packed(content, name)
    if is_workbook(name):
        return _no_workbook(content)
    return next((f"C’est {what}, pas une leçon." for mark, what in _OTHERS if mark.match(content)), "")


def _packed(content: bytes, name: str) -> str:
    if not content.startswith(_ZIP):
        return _ARCHIVE
    if b"application/vnd.oasis.opendocument" in content[:200]:
        return f"C’est un fichier LibreOffice. {_NO_WORKBOOK}"
    if is_workbook(name) and _ZIP_END not in content:
        return ""  # it is cut, which who unpacks it tells
    if not (b"[Content_Types].xml" in content and b"xl/workbook.xml" in content):
        return "C’est un document Word, pas une leçon." if b"word/document" in content else _ARCHIVE
    return "" if is_workbook(name) else "C’est un classeur : donnez-lui un nom qui finit par .xlsx."


def _old(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "Ce fichier est protégé par un mot de passe : enregistrez-le sans mot de passe."
    return f"C’est un fichier d’un ancien format. {_NO_WORKBOOK}"


def _no_workbook(content: bytes) -> str:
    try:
        content.decode("utf-16" if content.startswith(_SIXTEEN) else "utf-8")
    except UnicodeDecodeError:
        return _NO_WORKBOOK
    return "C’est du texte, pas un classeur .xlsx. Une leçon en YAML a un nom qui finit par .yaml."

# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Archive that a workbook is: what is read of it, within bounds, whatever the archive declares."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from lessons.source.bounds import ELEMENTS, MEMBERS, PART, UNPACKED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TYPES, WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"
ROOT, LINKS, STRINGS, STYLES = (
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
_NOTHING = b"<nothing/>"
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ACTIVE = (
    ("vbaproject", "Ce classeur a des macros : enregistrez-le au format .xlsx, sans macro."),
    ("macrosheets/", "Ce classeur a des macros : enregistrez-le au format .xlsx, sans macro."),
    (
        "externallinks/",
        "Ce classeur a des liens vers d’autres classeurs : rompez-les (menu Données), puis enregistrez-le.",
    ),
    (
        "connections.xml",
        "Ce classeur lit des données ailleurs : enlevez ses connexions (menu Données), puis enregistrez-le.",
    ),
    ("embeddings/", "Ce classeur contient d’autres fichiers : enlevez-les, puis enregistrez-le."),
    ("activex/", "Ce classeur contient d’autres fichiers : enlevez-les, puis enregistrez-le."),
)

DAMAGED = "Ce classeur est abîmé ou incomplet : enregistrez-le de nouveau, puis renvoyez-le."
TOO_BIG = "Ce classeur est trop gros une fois ouvert : une leçon tient en quelques dizaines de lignes."


class Refused(Exception):
    """The whole workbook is refused; the text says why, in French."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The parts that are read. `sheets`: (name, part, whether it is hidden), in the order of the workbook."""

    parts: Mapping[str, bytes]
    sheets: tuple[tuple[str, str, bool], ...]

    def only(self, part: str) -> bytes:
        """Return an archive anew with one sheet alone: sizes are as they say, and nothing else is in it."""
        written = io.BytesIO()
        kept = dict.fromkeys((TYPES, ROOT, WORKBOOK, LINKS, STRINGS, STYLES, part))
        with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
            for name in kept:
                if name in self.parts:
                    archive.writestr(name, self.parts[name])
        return written.getvalue()


def unpack(content: bytes, wanted: Callable[[str], bool]) -> Archive:
    """Unpack what is needed of a workbook: its lists of parts, its strings, and the sheets whose names are `wanted`.

    Raises:
        Refused: it is no workbook within the bounds, or holds more than a table: macros, links, other files.
    """
    # Each entry of the list costs a Python object: they are counted before `zipfile` reads it.
    if content.count(_ENTRY) > MEMBERS:
        raise Refused(TOO_BIG)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Unpacking(archive, _members(archive)).read(wanted)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        ValueError,
        OverflowError,
        OSError,
    ):
        raise Refused(DAMAGED) from None


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > UNPACKED:
        raise Refused(TOO_BIG)
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise Refused("Ce fichier est protégé par un mot de passe : enregistrez-le sans mot de passe.")
        name = entry.orig_filename
        steps = name.split("/")
        if "\0" in name or "\\" in name or ".." in steps or name.startswith("/") or name in members:
            raise Refused(DAMAGED)
        for mark, why in _ACTIVE:
            if mark in name.casefold():
                raise Refused(why)
        members[name] = entry
    return members


@dataclass(slots=True)
class _Unpacking:
    archive: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]
    parts: dict[str, bytes] = field(default_factory=dict)

    def read(self, wanted: Callable[[str], bool]) -> Archive:
        for name in (TYPES, WORKBOOK, LINKS):
            if not self._take(name):
                raise Refused(DAMAGED)
        if b"macroenabled" in self.parts[TYPES].lower():
            raise Refused(_ACTIVE[0][1])
        for name in (ROOT, STRINGS, STYLES):
            self._take(name)
        for name in (TYPES, ROOT, STRINGS):
            walk(self.parts.get(name, _NOTHING), _pass)
        sheets = tuple(one for one in self._sheets() if wanted(one[0]))
        for _, part, _ in sheets:
            if not self._take(part):
                raise Refused(DAMAGED)
        return Archive(self.parts, sheets)

    def _take(self, name: str) -> bool:
        """Unpack a part; False when there is none. Its declared size is no bound: what comes out is counted."""
        entry = self.members.get(name)
        if entry is None:
            return False
        if name in self.parts:
            return True
        if entry.file_size > PART:
            raise Refused(TOO_BIG)
        if entry.compress_type not in _METHODS:
            raise Refused(DAMAGED)
        with self.archive.open(entry) as member:
            content = member.read(PART + 1)
        if len(content) > PART:
            raise Refused(TOO_BIG)
        self.parts[name] = content
        return True

    def _sheets(self) -> list[tuple[str, str, bool]]:
        targets: dict[str, str] = {}
        listed: list[tuple[str, str, bool]] = []

        def link(name: str, given: dict[str, str]) -> None:
            if name == "Relationship" and given.get("TargetMode") != "External":
                target = given.get("Target", "")
                absolute = target[1:] if target.startswith("/") else posixpath.join("xl", target)
                targets[given.get("Id", "")] = posixpath.normpath(absolute)

        def sheet(name: str, given: dict[str, str]) -> None:
            if name == "sheet":
                part = targets.get(given.get("id", ""), "")
                listed.append((given.get("name", ""), part, given.get("state", "visible") != "visible"))

        walk(self.parts[LINKS], link)
        walk(self.parts[WORKBOOK], sheet)
        return listed


def walk(
    part: bytes, start: Callable[[str, dict[str, str]], object], end: Callable[[str], object] | None = None
) -> None:
    """Walk through the XML of a part: names of elements and attributes come without their prefixes.

    Raises:
        Refused: it is no XML, declares a type of document (entities, which may be bombs), or has too many elements.
    """
    parser = expat.ParserCreate()
    elements = 0

    def begin(name: str, given: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        if elements > ELEMENTS:
            raise Refused(TOO_BIG)
        start(_local(name), {_local(key): value for key, value in given.items()})

    def refuse(*_: object) -> None:
        raise Refused(
            "Ce classeur n’a pas été écrit par un tableur : ouvrez-le et enregistrez-le de nouveau."
        )

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    if end is not None:
        finish = end
        parser.EndElementHandler = lambda name: finish(_local(name))
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        raise Refused(DAMAGED) from None


def _pass(name: str, given: dict[str, str]) -> None:
    """Look at an element for its form alone."""


def _local(name: str) -> str:
    return name.rpartition(":")[2]

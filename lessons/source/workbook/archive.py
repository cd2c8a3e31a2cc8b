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

from lessons.forms.layout import LISTS
from lessons.source.bounds import ELEMENTS, MEMBERS, PART, UNPACKED

if TYPE_CHECKING:
    from collections.abc import Callable

TYPES, WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"
LINKS, STRINGS, STYLES = (
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
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


@dataclass(slots=True)
class Archive:
    """The parts that are read. `sheets`: by their kind, (name, part, whether it is hidden)."""

    parts: dict[str, bytes] = field(default_factory=dict)
    sheets: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    elements: int = 0
    """How many were met, in all parts together."""

    def walk(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], object],
        end: Callable[[str], object] | None = None,
        text: Callable[[str], object] | None = None,
    ) -> None:
        """Walk through the XML of a part, if there is one: names of elements and attributes come without their prefixes.

        Raises:
            Refused: it is no XML, declares a type of document (entities, which may be bombs), or has too many elements.
        """
        parser = expat.ParserCreate()

        def begin(name: str, given: dict[str, str]) -> None:
            self.elements += 1
            if self.elements > ELEMENTS:
                raise Refused(TOO_BIG)
            start(_local(name), {_local(key): value for key, value in given.items()})

        parser.StartElementHandler = begin
        parser.StartDoctypeDeclHandler = _refuse_doctype
        if end is not None:
            finish = end
            parser.EndElementHandler = lambda name: finish(_local(name))
        if text is not None:
            parser.buffer_text = True
            parser.CharacterDataHandler = text
        try:
            parser.Parse(self.parts.get(part, b"<nothing/>"), True)
        except (expat.ExpatError, ValueError, LookupError):  # the latter two for encodings that nobody has
            raise Refused(DAMAGED) from None


def _refuse_doctype(*_: object) -> None:
    raise Refused("Ce classeur n’a pas été écrit par un tableur : ouvrez-le et enregistrez-le de nouveau.")


def unpack(content: bytes, wanted: Callable[[str], str]) -> Archive:
    """Unpack what is needed of a workbook: its lists of parts, its strings, and some sheets.

    `wanted` returns of which kind a sheet of that name is, and nothing for one that is not read.

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
    found: Archive = field(default_factory=Archive)

    def read(self, wanted: Callable[[str], str]) -> Archive:
        for name in (TYPES, WORKBOOK, LINKS):
            if not self._take(name):
                raise Refused(DAMAGED)
        if b"macroenabled" in self.found.parts[TYPES].lower():
            raise Refused(_ACTIVE[0][1])
        for name in (STRINGS, STYLES):
            self._take(name)
        for sheet in self._sheets():
            if not (kind := wanted(sheet[0])):
                continue
            # One of a kind: people copy a sheet and edit the copy, and ten thousand names may share one part.
            if kind in self.found.sheets and kind != LISTS:
                raise Refused(f"Ce classeur a deux feuilles « {kind} » : gardez-en une, ou renommez l’autre.")
            if kind not in self.found.sheets or sheet[0] == kind:
                self.found.sheets[kind] = sheet
        for _, part, _ in self.found.sheets.values():
            if not self._take(part):
                raise Refused(DAMAGED)
        return self.found

    def _take(self, name: str) -> bool:
        """Unpack a part; False when there is none. Its declared size is no bound: what comes out is counted."""
        entry = self.members.get(name)
        if entry is None:
            return False
        if name in self.found.parts:
            return True
        if entry.file_size > PART:
            raise Refused(TOO_BIG)
        if entry.compress_type not in _METHODS:
            raise Refused(DAMAGED)
        with self.archive.open(entry) as member:
            content = member.read(PART + 1)
        if len(content) > PART:
            raise Refused(TOO_BIG)
        self.found.parts[name] = content
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

        self.found.walk(LINKS, link)
        self.found.walk(WORKBOOK, sheet)
        return listed


def _local(name: str) -> str:
    return name.rpartition(":")[2]

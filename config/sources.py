# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Sources of settings: command line, environment, secret files and YAML, read as values with their places.

What cannot be read becomes a problem: one French line that says where, what is wrong and what to do. A
problem holds no secret, nor a name that could be one (a token written where a key should be).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, cast, get_args, get_origin

import yaml
from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

Location = tuple[str | int, ...]
"""Path of a setting, e.g. `("channels", "telegram", "token")`."""

PREFIX = "IAVENTURE_"
SECRETS_FOLDER = "IAVENTURE_SECRETS_DIR"
"""The environment variable that names a folder made for these secrets only."""
SYSTEMD_FOLDER = "CREDENTIALS_DIRECTORY"
"""The variable by which systemd names a service's folder of credentials; some may be for other programs."""

_LIMIT = 256 * 1024
_NAME = re.compile(r"[0-9]{1,4}|[A-Za-z][A-Za-z0-9_-]{0,39}")


@dataclass(slots=True)
class Layer:
    """Settings of one source: a tree of values, the place of each of its nodes, and the problems."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[Location, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def put(self, path: tuple[str, ...], value: Any, where: str) -> None:
        """Set the value at `path`; the settings already given for its groups stay."""
        group = self.values
        for key in path[:-1]:
            if not isinstance(group.get(key), dict):
                group[key] = {}
            group = group[key]
        group[path[-1]] = value
        for length in range(1, len(path)):
            self.places.setdefault(path[:length], where)
        self._place(path, value, where)

    def _place(self, path: Location, value: Any, where: str) -> None:
        self.places[path] = where
        children: Iterable[tuple[str | int, Any]] = ()
        if isinstance(value, dict):
            children = value.items()
        elif isinstance(value, list | tuple):
            children = enumerate(value)
        for key, child in children:
            self._place((*path, key), child, where)


def merged(layers: Sequence[Layer], names: Container[str]) -> dict[str, Any]:
    """Return one tree of values, in which the first layers win and groups are merged setting by setting.

    A setting or group of the first level may be written in capitals; `names` has their proper names.
    """
    values: dict[str, Any] = {}
    for layer in reversed(layers):
        proper: dict[str, Any] = {}
        for name, value in layer.values.items():
            proper.setdefault(name.lower() if name.lower() in names else name, value)
        values = _merge(values, proper)
    return values


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    values = dict(under)
    for name, value in over.items():
        below = values.get(name)
        values[name] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return values


def problem(where: str, path: Location, what: str) -> str:
    """Return one line: the place, the setting, and what is wrong with it."""
    named = ".".join(str(key) if _NAME.fullmatch(str(key)) else "(nom masqué)" for key in path)
    return " ".join(": ".join(part for part in (where, named, what) if part).split())


def locate(layers: Sequence[Layer], path: Location) -> str:
    """Return the place that decided the setting at `path`, or the nearest group around it. First layers win."""
    for length in range(len(path), 0, -1):
        for layer in layers:
            if where := layer.places.get(path[:length]):
                return where
    return "réglages"


def kind_at(model: type[BaseModel], path: Location) -> Any:
    """Return the type of the setting at `path`, the first of several; `None` when there is no such setting."""
    kind: Any = model
    for key in path:
        if not _is_group(kind) or key not in kind.model_fields:
            return None
        kind = kind.model_fields[key].annotation
        if get_origin(kind) in (Union, UnionType):
            kind = next(member for member in get_args(kind) if member is not NoneType)
    return kind


def _takes_word(model: type[BaseModel], path: Location, text: str) -> bool:
    """Tell whether the group at `path` may be replaced by this word, as in `Controller | Literal["none"]`."""
    group = kind_at(model, path[:-1])
    return any(text in get_args(option) for option in get_args(group.model_fields[path[-1]].annotation))


def from_overrides(overrides: Mapping[str, Any]) -> Layer:
    """Read the options of the command line; an option that was not given is `None`."""
    layer = Layer()
    for name, value in overrides.items():
        if value is not None:
            layer.put((name,), value, "ligne de commande")
    return layer


def from_environment(model: type[BaseModel], environment: Mapping[str, str]) -> Layer:
    """Read the `IAVENTURE_…` variables."""
    return _from_names(
        model,
        [
            (name, name[len(PREFIX) :], text)
            for name, text in environment.items()
            if name.upper().startswith(PREFIX) and name.upper() != SECRETS_FOLDER
        ],
    )


def from_secrets(model: type[BaseModel], environment: Mapping[str, str]) -> Layer:
    """Read the files of the folder of secrets: named as the variables, with or without their prefix."""
    ours = environment.get(SECRETS_FOLDER, "")
    variable, folder = (
        (SECRETS_FOLDER, ours) if ours else (SYSTEMD_FOLDER, environment.get(SYSTEMD_FOLDER, ""))
    )
    if not folder:
        return Layer()
    try:
        files = sorted(
            file for file in Path(folder).iterdir() if not (file.name.startswith(".") or file.is_dir())
        )
    except OSError as error:
        what = f"dossier de secrets illisible ({error.strerror}) ; corrigez {variable} ou ses droits"
        return Layer(problems=[problem(folder, (), what)])
    given: list[tuple[str, str, str]] = []
    problems: list[str] = []
    for file in files:
        prefixed = file.name.upper().startswith(PREFIX)
        name = file.name[len(PREFIX) :] if prefixed else file.name
        if not (ours or prefixed or kind_at(model, tuple(name.lower().split("__")[:1]))):
            continue
        try:
            given.append((str(file), name, _read(file).rstrip("\r\n")))
        except (OSError, ValueError) as error:
            problems.append(
                problem(str(file), (), f"secret illisible ({_reason(error)}) ; corrigez le fichier")
            )
    layer = _from_names(model, given)
    return Layer(layer.values, layer.places, problems + layer.problems)


def from_file(path: Path, *, required: bool) -> Layer:
    """Read a YAML file, every scalar as text: `08:30`, `no` and `on` stay as written."""
    layer = Layer()
    if not required and not path.exists():
        return layer
    try:
        root = yaml.compose(_read(path), Loader=yaml.BaseLoader)
        if isinstance(root, yaml.MappingNode):
            layer.values = _Nodes(str(path), layer).read(root, ())
        elif root is not None:
            layer.problems.append(
                problem(f"{path}:1:1", (), "doit commencer par un réglage, sous la forme nom: valeur")
            )
    except (OSError, ValueError) as error:
        what = f"fichier illisible ({_reason(error)}) ; corrigez --config ou le fichier"
        layer.problems.append(problem(str(path), (), what))
    except RecursionError:
        layer.problems.append(problem(str(path), (), "trop de niveaux imbriqués ; simplifiez le fichier"))
    except yaml.YAMLError as error:
        layer.problems.append(_broken(path, error))
    return layer


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Converts the nodes of one YAML file into values, and notes the line and column of each."""

    file: str
    layer: Layer
    read_before: set[int] = field(default_factory=set)

    def read(self, node: yaml.Node, path: Location) -> Any:
        where = self.layer.places.setdefault(path, self._where(node))
        if id(node) in self.read_before:
            self._refuse(where, path, "un renvoi (*nom) n’est pas accepté ; répétez la valeur")
            return {}
        self.read_before.add(id(node))
        if node.tag not in _TAGS:
            self._refuse(where, path, "une étiquette (!nom) n’est pas acceptée ; retirez-la")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]
        # Nothing after the colon: a group whose lines are all comments.
        return {} if node.value == "" and cast("yaml.ScalarNode", node).style is None else node.value

    def _mapping(self, node: yaml.MappingNode, path: Location) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, child in node.value:
            where = self._where(key)
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(where, path, "un nom de réglage est un mot ; retirez les crochets ou accolades")
                continue
            inner = (*path, key.value)
            if key.value in values:
                self._refuse(where, inner, "donné deux fois ; gardez une seule ligne")
                continue
            self.layer.places[inner] = where
            values[key.value] = self.read(child, inner)
        return values

    def _where(self, node: yaml.Node) -> str:
        return f"{self.file}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"

    def _refuse(self, where: str, path: Location, what: str) -> None:
        self.layer.problems.append(problem(where, path, what))


_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


def _from_names(model: type[BaseModel], given: Iterable[tuple[str, str, str]]) -> Layer:
    """Read settings given as (place, name, text): groups are split by `__`; lists and whole groups are JSON."""
    layer = Layer()
    given_by: dict[tuple[str, ...], str] = {}
    # A group comes before its settings, which are added to it.
    for path, where, text in sorted(
        (tuple(name.lower().split("__")), where, text) for where, name, text in given
    ):
        kind = kind_at(model, path)
        if kind is None:
            layer.problems.append(problem(where, (), "réglage inconnu ; corrigez le nom ou retirez-le"))
            continue
        if path in given_by:
            layer.problems.append(
                problem(where, path, f"déjà donné par {given_by[path]} ; gardez l’un des deux")
            )
            continue
        given_by[path] = where
        value: Any = text
        if (shape := _json_shape(kind)) and not _takes_word(model, path, text):
            value = _parse_json(text)
            if not isinstance(value, shape):
                example = '["telegram:4711"]' if shape is list else '{"level": "debug"}'
                what = f"doit être {'une liste' if shape is list else 'un groupe'} JSON, comme {example}"
                layer.problems.append(problem(where, path, what))
                continue
        layer.put(path, value, where)
    return layer


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _json_shape(kind: Any) -> type | None:
    if _is_group(kind):
        return dict
    return list if get_origin(kind) is tuple else None


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _read(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(_LIMIT + 1)
    if len(content) > _LIMIT:
        raise ValueError("plus de 256 Kio")
    return content.decode("utf-8-sig")


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "pas en UTF-8"
    if isinstance(error, FileNotFoundError):
        return "introuvable"
    return (error.strerror or "erreur de lecture") if isinstance(error, OSError) else str(error)


def _broken(path: Path, error: yaml.YAMLError) -> str:
    what = "n’est pas du YAML lisible ; vérifiez retraits, deux-points et guillemets"
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return problem(str(path), (), what)
    mark = error.problem_mark
    return problem(f"{path}:{mark.line + 1}:{mark.column + 1}", (), what)

"""Checks FHIR JSON against the profiles of the mCODE package. For tests only.

Looks at how often each element stands (also in slices and extensions), at fixed values and patterns, at codes of
required value sets (an error, also where there is text alone) and extensible ones (a warning), and at FHIRPath invariants.
Where there was nothing to check it fails, so that no bundle passes for want of profiles. It cannot see what a
reference leads to, value sets that are rules instead of lists ("every kind of ..."), and slices told apart by a
profile: those are passed over, never reported.
"""

from __future__ import annotations

import json
import re
import tarfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the libraries' own, while they are imported
    from fhirpathpy import compile as compile_fhirpath
    from fhirpathpy.models import models

Json: TypeAlias = Any
Found: TypeAlias = list[tuple[str, Json]]
"""The values of an element with the key that each stands under."""

PACKAGE = Path(__file__).parent / "mcode" / "hl7.fhir.us.mcode-4.0.0.tgz"
PROFILES = "http://hl7.org/fhir/us/mcode/StructureDefinition/"
# Rules of FHIR itself, which its model checks.
_OF_FHIR = {"ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6"}
_TO_THE_DAY = 10  # letters of a date


@dataclass
class Element:
    """An element of a profile, with the elements in it and its slices."""

    about: Json
    inside: dict[str, Element] = field(default_factory=dict)
    slices: list[Element] = field(default_factory=list)

    @property
    def wanted(self) -> Json:
        """The fixed value or pattern; None where there is none."""
        return next((value for key, value in self.about.items() if key.startswith(("pattern", "fixed"))), None)


@dataclass
class Package:
    """Profiles and value sets by their address."""

    profiles: dict[str, Element]
    value_sets: dict[str, Json]
    examples: list[Json]

    def codes(self, address: str, seen: tuple[str, ...] = ()) -> set[tuple[str | None, str | None]] | None:
        """The codes of a value set with their systems; a code None stands for all of a system. None: not listed here."""
        address = address.split("|")[0]
        if address in _ELSEWHERE:
            return _ELSEWHERE[address]
        if address not in self.value_sets or address in seen:
            return None
        found: set[tuple[str | None, str | None]] = set()
        for part in self.value_sets[address].get("compose", {}).get("include", []):
            if part.get("concept"):
                found |= {(part["system"], concept["code"]) for concept in part["concept"]}
            elif part.get("valueSet"):
                for other in part["valueSet"]:
                    codes = self.codes(other, (*seen, address))
                    if codes is None:
                        return None
                    found |= codes
            else:
                found.add((part.get("system"), None))
        return found


@cache
def package() -> Package:
    """The package, read once."""
    found = Package({}, {}, [])
    with tarfile.open(PACKAGE) as files:
        for member in files:
            file = files.extractfile(member)
            if file is None or not member.name.endswith(".json"):
                continue
            data = json.load(file)
            kind = data.get("resourceType")
            if kind == "StructureDefinition":
                found.profiles[data["url"]] = _tree(data["snapshot"]["element"])
            elif kind == "ValueSet":
                found.value_sets[data["url"]] = data
            elif member.name.startswith("package/example/"):
                found.examples.append(data)
    return found


def _tree(elements: list[Json]) -> Element:
    by_id = {about["id"]: Element(about) for about in elements}
    for id, element in by_id.items():
        above, _, last = id.rpartition(".")
        if ":" in last:
            by_id[f"{above}.{last.split(':')[0]}"].slices.append(element)
        elif above:
            by_id[above].inside[last] = element
    return by_id[elements[0]["id"]]


def problems(data: Json) -> tuple[int, list[str], list[str]]:
    """How many profiles a resource, or the resources of a bundle, claim; errors; warnings. Raises NothingCheckedError."""
    resources = [data, *(entry["resource"] for entry in data.get("entry", []))]
    if not any(claims(one) for one in resources):
        raise NothingCheckedError
    checks = [_Check(f"{number} {profile.rsplit('/', 1)[-1]}") for number, one in enumerate(resources) for profile in claims(one)]
    pairs = [(one, profile) for one in resources for profile in claims(one)]
    for check, (one, profile) in zip(checks, pairs, strict=True):
        check.run(one, profile)
    return len(checks), [text for check in checks for text in check.errors], [text for check in checks for text in check.warnings]


def claims(resource: Json) -> list[str]:
    """The profiles of mCODE that a resource claims, also those that mCODE does not have."""
    named = [profile.split("|")[0] for profile in resource.get("meta", {}).get("profile", [])]
    return [profile for profile in named if profile in package().profiles or profile.startswith(PROFILES)]


class NothingCheckedError(Exception):
    """Nothing claims a profile, so that nothing can be said."""


class _Check:
    """One resource against one profile."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.errors: list[str] = []
        self.warnings: list[str] = []

    def run(self, resource: Json, address: str) -> None:
        profile = package().profiles.get(address)
        if profile is None:
            self._wrong(f"there is no profile {address}")
            return
        self._invariants(profile, resource, profile.about["path"])
        self._inside(profile, resource, profile.about["path"])

    def _wrong(self, text: str, *, error: bool = True) -> None:
        (self.errors if error else self.warnings).append(f"{self.name}: {text}")

    def _inside(self, element: Element, data: Json, path: str) -> None:
        for name, inner in element.inside.items():
            found, here = _get(data, name), f"{path}.{name}"
            self._often_enough(inner, len(found), here)
            for number, (key, value) in enumerate(found):
                self._value(inner, key, value, f"{here}[{number}]")
            told_apart = inner.about.get("slicing", {}).get("discriminator", [])
            for one in inner.slices if told_apart else []:
                matching = [_in_slice(one, told_apart, key, value) for key, value in found]
                if None in matching:
                    continue
                named = f"{here}:{one.about.get('sliceName')}"
                self._often_enough(one, sum(map(bool, matching)), named)
                for (key, value), matches in zip(found, matching, strict=True):
                    if matches:
                        self._value(one, key, value, named)

    def _value(self, element: Element, key: str, value: Json, path: str) -> None:
        if element.wanted is not None and not _matches(element.wanted, value):
            self._wrong(f"{path}: does not match {json.dumps(element.wanted)[:120]}")
        self._binding(element.about.get("binding", {}), value, path)
        rules = {rule["key"] for rule in element.about.get("constraint", [])}
        if "us-core-1" in rules and key.endswith("DateTime") and isinstance(value, str) and len(value) < _TO_THE_DAY:
            self._wrong(f"{path}: us-core-1: to the day, or as a period")
        self._invariants(element, value, path)
        if not isinstance(value, dict):
            return
        for kind in element.about.get("type", []):
            for profile in kind.get("profile", []) if kind["code"] == "Extension" else []:
                address = profile.split("|")[0]
                if address in package().profiles and value.get("url") == address:
                    self._inside(package().profiles[address], value, path)
        self._inside(element, value, path)

    def _binding(self, binding: Json, value: Json, path: str) -> None:
        strength = binding.get("strength")
        if strength not in ("required", "extensible") or "valueSet" not in binding:
            return
        known, used = package().codes(binding["valueSet"]), _codings(value)
        if strength == "required" and isinstance(value, dict) and not used:
            self._wrong(f"{path}: text alone, where a code of {binding['valueSet'].rsplit('/', 1)[-1]} is required")
        if known and used and not _any_known(used, known):
            self._wrong(f"{path}: {used} not in {binding['valueSet'].rsplit('/', 1)[-1]}", error=strength == "required")

    def _often_enough(self, element: Element, times: int, path: str) -> None:
        least, most = element.about.get("min", 0), element.about.get("max", "*")
        if times < least:
            self._wrong(f"{path}: needs {least}, has {times}")
        if most != "*" and times > int(most):
            self._wrong(f"{path}: at most {most}, has {times}")

    def _invariants(self, element: Element, value: Json, path: str) -> None:
        if not isinstance(value, dict):
            return
        for rule in element.about.get("constraint", []):
            if rule["key"] in _OF_FHIR or "expression" not in rule:
                continue
            try:
                result = _fhirpath(rule["expression"])(value)
            except Exception:  # noqa: BLE001  # an expression that the library cannot evaluate is not judged
                continue
            if result and result[0] is False:
                self._wrong(f"{path}: {rule['key']}: {rule['human'][:100]}", error=rule["severity"] == "error")


@cache
def _fhirpath(expression: str) -> Callable[..., list[Any]]:
    return compile_fhirpath(re.sub(r"\.trace\('[^']*'\)", "", expression), models["r4"])


def _get(data: Json, name: str) -> Found:
    """The values of an element, also of one whose name says its type (value[x])."""
    if not isinstance(data, dict):
        return []
    if name.endswith("[x]"):
        keys = [key for key in data if re.fullmatch(re.escape(name[:-3]) + r"[A-Z]\w*", key)]
    else:
        keys = [key for key in (name, f"_{name}") if key in data][:1]
    return [(key, value) for key in keys for value in (data[key] if isinstance(data[key], list) else [data[key]])]


def _matches(pattern: Json, value: Json) -> bool:
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(key in value and _matches(part, value[key]) for key, part in pattern.items())
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(_matches(part, one) for one in value) for part in pattern)
    return bool(pattern == value)


def _codings(value: Json) -> list[tuple[str | None, str | None]]:
    if isinstance(value, str):
        return [(None, value)]
    if not isinstance(value, dict):
        return []
    alone = [value] if "code" in value and "system" in value else []
    return [(coding.get("system"), coding.get("code")) for coding in value.get("coding", alone)]


def _any_known(used: list[tuple[str | None, str | None]], known: set[tuple[str | None, str | None]]) -> bool:
    if all(system is None for system, _ in known):
        return any((None, code) in known for _, code in used)
    return any(one in known or (one[0], None) in known for one in used)


def _in_slice(one: Element, told_apart: list[Json], key: str, value: Json) -> bool | None:
    """Whether a value belongs to a slice; None where that cannot be told here."""
    for how in told_apart:
        by_type, by_value = how["type"] == "type", how["type"] in ("value", "pattern")
        if not by_type and not by_value:
            return None
        if not (_of_type(one, key, value) if by_type else _of_value(one, how["path"], value)):
            return False
    return True


def _of_type(one: Element, key: str, value: Json) -> bool:
    if isinstance(value, dict) and "resource" in value:
        resource = one.inside.get("resource", one)
        return value["resource"].get("resourceType") in [kind["code"] for kind in resource.about.get("type", [])]
    return any(key.endswith(kind["code"][0].upper() + kind["code"][1:]) for kind in one.about.get("type", []))


def _of_value(one: Element, path: str, value: Json) -> bool:
    profiles = one.about.get("type", [{}])[0].get("profile")
    if path == "url" and profiles:
        return isinstance(value, dict) and value.get("url") == profiles[0].split("|")[0]
    element, values = one, [value]
    for part in [] if path == "$this" else path.split("."):
        outer = element.wanted
        values = [found for held in values for _, found in _get(held, part)]
        inner = element.inside.get(part, Element({}))
        if inner.wanted is None and isinstance(outer, dict) and part in outer:
            inner = Element({**inner.about, "patternX": outer[part]}, inner.inside, inner.slices)
        element = inner
    if element.wanted is not None:
        wanted = element.wanted
        return any(_matches(wanted[0] if isinstance(wanted, list) and not isinstance(held, list) else wanted, held) for held in values)
    binding = element.about.get("binding", {})
    known = package().codes(binding["valueSet"]) if binding.get("strength") == "required" else None
    return known is None or any(_any_known(_codings(held), known) for held in values)


# Value sets of FHIR R4 and US Core 6.1 that the profiles bind as required, and that are not in the package.


def _of(system: str | None, codes: str) -> set[tuple[str | None, str | None]]:
    return {(system, code) for code in codes.split()}


_FHIR, _CORE = "http://hl7.org/fhir/ValueSet/", "http://hl7.org/fhir/us/core/"
_ELSEWHERE = {
    f"{_CORE}ValueSet/us-core-problem-or-health-concern": _of(
        "http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item"
    )
    | _of(f"{_CORE}CodeSystem/condition-category", "health-concern"),
    f"{_CORE}ValueSet/us-core-clinical-result-observation-category": _of(
        "http://terminology.hl7.org/CodeSystem/observation-category",
        "social-history vital-signs imaging laboratory procedure survey exam therapy activity",
    ),
    f"{_FHIR}medicationrequest-status": _of(None, "active on-hold cancelled completed entered-in-error stopped draft unknown"),
    f"{_FHIR}medicationrequest-intent": _of(None, "proposal plan order original-order reflex-order filler-order instance-order option"),
    f"{_FHIR}event-status": _of(None, "preparation in-progress not-done on-hold stopped completed entered-in-error unknown"),
    f"{_FHIR}observation-status": _of(None, "registered preliminary final amended corrected cancelled entered-in-error unknown"),
    f"{_FHIR}administrative-gender": _of(None, "male female other unknown"),
    f"{_FHIR}contact-point-system": _of(None, "phone fax email pager url sms other"),
    "http://loinc.org/vs/LL529-9": _of("http://loinc.org", "LA9622-7 LA9623-5 LA9624-3 LA9625-0 LA9626-8 LA9627-6"),
}

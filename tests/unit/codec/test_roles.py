"""Every field of the schema has the role that its place in a record gives it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from openlineage_avro.codec import roles, schemas
from openlineage_avro.codec.avro_types import Types
from openlineage_avro.codec.roles import Role, role_of

TYPES = Types(schemas.parsed(schemas.newest()))
RECORDS = {name: found for name, found in TYPES.named.items() if found["type"] == "record"}
SPECIAL = (
    roles.OF_EVENT,
    roles.OF_FACETS,
    roles.OF_FACET,
    roles.OF_CUSTOM_FACET,
    roles.OF_OTHERS,
)
# The first of a pair writes both fields, so that the other must follow it.
PAIRS: dict[type[Role], type[Role]] = {
    roles.EventTime: roles.EventTimeText,
    roles.FacetProducer: roles.FacetSchemaUrl,
    roles.CustomFacets: roles.FacetsRest,
}


def roles_in(record: dict[str, Any]) -> list[type[Role]]:
    return [role_of(TYPES, record, field) for field in record["fields"]]


def test_every_special_role_is_that_of_a_field() -> None:
    used = {role for record in RECORDS.values() for role in roles_in(record)}
    assert used == {
        roles.RequiredMember,
        roles.NullableMember,
        *(role for special in SPECIAL for role in special.values()),
    }


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_every_record_ends_with_the_rest(name: str) -> None:
    *others, last = roles_in(RECORDS[name])
    assert issubclass(last, roles.Rest)
    assert not any(issubclass(role, roles.Rest) for role in others)


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_the_second_of_a_pair_follows_the_first(name: str) -> None:
    found = roles_in(RECORDS[name])
    seconds = [following for role, following in pairwise(found) if role in PAIRS]
    assert seconds == [PAIRS[role] for role in found if role in PAIRS]
    assert seconds == [role for role in found if role in PAIRS.values()]


def members(record: dict[str, Any]) -> set[str]:
    return {f["name"] for f in record["fields"] if role_of(TYPES, record, f).is_member}


def test_all_other_fields_are_members_of_the_json() -> None:
    names = {f"{name}.{f['name']}" for name, found in RECORDS.items() for f in found["fields"]}
    found = {f"{name}.{member}" for name, record in RECORDS.items() for member in members(record)}
    assert {name for name in names - found if not name.endswith((".extra", "Facets.custom"))} == {
        "OpenLineageEvent.eventTimeText",
        "OpenLineageEvent.raw",
        "CustomFacet.fields",
    }

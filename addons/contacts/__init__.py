"""Contacts: persons and organisations, customers, suppliers and staff."""

from core.manifest import Manifest

MANIFEST = Manifest(
    name="contacts",
    title="Contacts",
    version="0.1.0",
    summary="Persons and organisations: customers, prospects, suppliers, representatives and staff",
    category="Customers",
    core=">=0.1",
    icon="address-book",
    licence="",
)

"""What the app begins with: the numbers of customers, and short lists to choose from."""

from __future__ import annotations

from core.toolkit import Seed, Sequence, _

from .lists import ContactType, Medium, Rating, Source, Status

CODES = "contacts.contact"

SEEDS = [
    Seed(
        Sequence,
        "codes",
        {Sequence.code: CODES, Sequence.name: _("Customer codes"), Sequence.prefix: "C", Sequence.digits: 5},
    ),
    Seed(Status, "new", {Status.name: _("Not contacted"), Status.sequence: 10}),
    Seed(Status, "contacted", {Status.name: _("In contact"), Status.sequence: 20}),
    Seed(Status, "active", {Status.name: _("Regular dealings"), Status.sequence: 30}),
    Seed(Status, "quiet", {Status.name: _("No longer in contact"), Status.sequence: 40, Status.folded: True}),
    Seed(Rating, "hot", {Rating.name: _("Hot"), Rating.sequence: 10}),
    Seed(Rating, "warm", {Rating.name: _("Warm"), Rating.sequence: 20}),
    Seed(Rating, "cold", {Rating.name: _("Cold"), Rating.sequence: 30}),
    Seed(ContactType, "key", {ContactType.name: _("Key account"), ContactType.sequence: 10}),
    Seed(ContactType, "regular", {ContactType.name: _("Regular account"), ContactType.sequence: 20}),
    Seed(ContactType, "occasional", {ContactType.name: _("Occasional account"), ContactType.sequence: 30}),
    Seed(Source, "site", {Source.name: _("Our web site")}),
    Seed(Source, "referral", {Source.name: _("Referral")}),
    Seed(Source, "exhibition", {Source.name: _("Exhibition")}),
    Seed(Source, "seminar", {Source.name: _("Seminar")}),
    Seed(Source, "advertisement", {Source.name: _("Advertisement")}),
    Seed(Medium, "phone", {Medium.name: _("By phone")}),
    Seed(Medium, "email", {Medium.name: _("By e-mail")}),
    Seed(Medium, "web", {Medium.name: _("Web form")}),
    Seed(Medium, "social", {Medium.name: _("Social network")}),
    Seed(Medium, "visit", {Medium.name: _("In person")}),
]

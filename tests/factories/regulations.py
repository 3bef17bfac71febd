"""Rows and texts of the room regulations."""

from datetime import UTC, date, datetime

import factory

from campaign.core.yamlfile import parse_yaml
from campaign.regulations.models import Adoption, Edition, Hook, Objection, Provision, Template, Variable
from campaign.regulations.services import import_template
from campaign.regulations.tree import LegalText, Unit
from tests.factories.campaigns import JurisdictionFactory

MOMENT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ACT = "Regulation (EU) 2000/1"

# A small instrument with one of everything that a file can hold.
FILE = """\
schema: 1
template:
  slug: small-act
  title: Small act
  kind: act
  tradition: eu-regulation
  language: en
  summary: A summary.
  disclaimer: Not legal advice.
edition:
  label: "1.0"
  title: A small regulation
variables:
  - name: period
    label: Period
    type: duration
    minimum: 1 month
    maximum: 36 months
    default: 24 months
    source: A source.
hooks:
  - citation: Some law, Article 1
    address: https://example.org/law
objections:
  - argument: It is too small.
    reply: It grows.
provisions:
  - key: recital
    kind: recital
    text: Reasons are given,
  - key: terms
    kind: article
    heading: Definitions
    text: "The following definitions apply:"
    children:
      - key: def-model
        kind: definition
        term: model
        text: means a thing.
  - key: duty
    kind: article
    heading: Duty
    children:
      - key: duty-return
        kind: paragraph
        text: Every model shall be returned within [[period]].
      - key: duty-limits
        kind: paragraph
        text: "[[ref:duty-return]] shall not apply:"
        children:
          - key: duty-limits-a
            kind: point
            text: to a first thing;
          - key: duty-limits-b
            kind: point
            text: to a second thing.
"""

# What differs in one jurisdiction: with one of everything that an adaptation file can hold.
ADAPTATION = """\
schema: 1
adaptation:
  slug: small-act-kr
  model: small-act
  edition: "1.0"
  jurisdiction: KR
  title: Small act for Korea
  tradition: eu-regulation
  language: en
  summary: A summary for there.
  disclaimer: Not legal advice.
edition:
  label: "1.0"
  title: A small regulation for there
values:
  period: 12 months
change:
  - key: duty
    heading: Duty to return
  - key: duty-return
    text: Every model must be returned within [[period]].
    optional: true
remove: [duty-limits-b, recital]
add:
  - below: duty
    after: duty-limits
    provisions:
      - key: local
        kind: paragraph
        text: The minister decides.
move:
  - key: terms
    after: duty
hooks:
  - citation: Law of there, Article 2
    address: https://example.org/there
"""


def unit(key, kind, body="Words.", *children, **more):
    """A provision in memory; a body of "" for none."""
    return Unit(key=key, kind=kind, body=body, children=list(children), **more)


def text(*provisions, **more):
    """A legal text of the EU tradition made of these provisions."""
    return LegalText(
        title="A text", language="en", tradition="eu-regulation", provisions=list(provisions), **more
    )


def node(source=FILE):
    """A parsed template file called small.yaml."""
    return parse_yaml(source.encode(), file="small.yaml")


def published_edition(source=FILE, at=MOMENT):
    """The edition in a template file, loaded and published."""
    return import_template(node=node(source), at=at).edition


class TemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Template

    slug = factory.Sequence(lambda n: f"instrument-{n}")
    title = factory.Sequence(lambda n: f"Instrument {n}")
    kind = "act"
    tradition = "eu-regulation"
    locale = "en"
    summary = "What it does."
    disclaimer = "Not legal advice."


class EditionFactory(factory.django.DjangoModelFactory):
    """A draft without provisions."""

    class Meta:
        model = Edition

    template = factory.SubFactory(TemplateFactory)
    label = "1.0"
    title = "A long title"


class ProvisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Provision

    edition = factory.SubFactory(EditionFactory)
    key = factory.Sequence(lambda n: f"provision-{n}")
    position = factory.Sequence(lambda n: n)
    kind = "article"
    body = "Words."


class VariableFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Variable

    edition = factory.SubFactory(EditionFactory)
    position = factory.Sequence(lambda n: n)
    name = factory.Sequence(lambda n: f"value_{n}")
    label = "A value"
    type = "integer"
    default = "12"


class HookFactory(factory.django.DjangoModelFactory):
    """An unchecked hook."""

    class Meta:
        model = Hook

    edition = factory.SubFactory(EditionFactory)
    position = factory.Sequence(lambda n: n)
    citation = factory.Sequence(lambda n: f"Some law, Article {n + 1}")
    address = "https://example.org/law"


class ObjectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Objection

    edition = factory.SubFactory(EditionFactory)
    position = factory.Sequence(lambda n: n)
    argument = "It is too much."
    reply = "It is measured."


class AdoptionFactory(factory.django.DjangoModelFactory):
    """A record that nobody has checked. Give it a published edition."""

    class Meta:
        model = Adoption

    jurisdiction = factory.SubFactory(JurisdictionFactory)
    body = factory.Sequence(lambda n: f"City council {n}")
    title = "By-law 7"
    address = "https://example.org/by-law-7"
    locale = "en"
    stage = "adopted"
    stage_date = date(2026, 11, 20)

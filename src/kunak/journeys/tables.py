"""The room's tables in the vault, all of them folded from entries; dropped and rebuilt at will.

What is set by helpers are registers of several values (vault/multivalue.py), whole records as JSON. Their subjects: `frame`,
`place/<id>`, `leg/<id>`, `escorts/<id>`, `party/<id>`, `case/<id>`, `plan/<id>`, `draft/<party>/<id>`; their fields are named in fold.py.
"""

from __future__ import annotations

from kunak.vault import multivalue

PREFIX = "journeys"

SCHEMA = """
-- Proposed plans, as their bytes were compressed. The same plan may be proposed by two helpers: the first entry is shown.
create table journeys_plans (
  entry text primary key, plan_id text not null, author text not null, time integer not null, first integer not null,
  purpose text not null, title text not null, after text not null, scenario blob not null, plan blob not null) without rowid;
create index journeys_plans_id on journeys_plans (plan_id, time, entry);
create table journeys_drafts (
  entry text primary key, party text not null, draft text not null, author text not null, time integer not null,
  language text not null, text text not null, urgent integer not null) without rowid;
create index journeys_drafts_party on journeys_drafts (party, time);
""" + multivalue.schema(PREFIX)

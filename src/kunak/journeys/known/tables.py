"""The room's tables in the vault, all of them folded from entries; dropped and rebuilt at will.

What is set by helpers are registers of several values (vault/multivalue.py), whole records as JSON. Their subjects: `frame`,
`place/<id>`, `leg/<id>`, `escorts/<id>`, `party/<id>`, `case/<id>`, `plan/<id>`, `draft/<party>/<id>`, `carrier/<id>`,
`watch/carrier/<id>`, `watch/party/<id>`; their fields are named in fold.py.
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
  language text not null, text text not null, urgent integer not null, instead text not null) without rowid;
create index journeys_drafts_party on journeys_drafts (party, time);
-- As which reply of which mailbox prepared words were sent; on the desks of the case alone.
create table journeys_sent (
  entry text primary key, case_id text not null, party text not null, draft text not null, mailbox text not null,
  message text not null) without rowid;
-- What carriers and persons were told, message by message; which of it no longer holds.
create table journeys_told (
  entry text primary key, author text not null, time integer not null, message text not null, mailbox text not null, carrier text not null,
  part text not null, party text not null, leg text not null, day integer not null, text text not null) without rowid;
create index journeys_told_party on journeys_told (party, day);
create table journeys_taken_back (message text primary key) without rowid;
-- Letters of carriers until somebody has heard them.
create table journeys_letters (
  letter text not null, mailbox text not null, number integer not null, kind text not null, day integer not null,
  text text not null, primary key (mailbox, number, letter)) without rowid;
create table journeys_heard (letter text primary key) without rowid;
create table journeys_checkins (
  entry text primary key, author text not null, time integer not null, whose text not null, after integer not null,
  by integer not null, source text not null) without rowid;
create index journeys_checkins_whose on journeys_checkins (whose, by);
-- Alarms, each in the compartment (`home`) in which it was raised; what helpers said to them there.
create table journeys_alarms (
  entry text primary key, alarm text not null, home text not null, author text not null, time integer not null,
  kind text not null, whose text not null, since integer not null) without rowid;
create table journeys_alarm_words (
  entry text primary key, alarm text not null, home text not null, author text not null, time integer not null,
  closed integer not null, note text not null) without rowid;
""" + multivalue.schema(PREFIX)

"""The cases' tables in the vault, all of them folded from entries; dropped and rebuilt at will.

Rows are keyed by the entry that they come from and never change; `cases_cases` is computed from them, and so leaves no trace of
the order in which entries arrived.
"""

from __future__ import annotations

from kunak.vault import multivalue

PREFIX = "cases"

SCHEMA = """
-- One line of the list of cases. `risk`: the highest level on which helpers stand; `due`: day of the next open task, null for none.
create table cases_cases (
  case_id text primary key, known integer not null, pseudonym text not null, language text not null, status text not null,
  risk integer not null, owner text not null, tasks integer not null, due integer, needs integer not null,
  opened integer not null, activity integer not null) without rowid;
create index cases_by_activity on cases_cases (known, status, activity desc, case_id);
create index cases_by_risk on cases_cases (known, status, risk desc, activity desc, case_id);
create index cases_by_owner on cases_cases (known, status, owner, activity desc, case_id);
create index cases_by_due on cases_cases (known, status, due is null, due, case_id);
-- Whose line must be computed again; empty after every batch of facts.
create table cases_changed (case_id text primary key) without rowid;
create table cases_opened (
  entry text primary key, case_id text not null, pseudonym text not null, language text not null, time integer not null) without rowid;
create index cases_opened_case on cases_opened (case_id);
-- What the timeline tells, rows in the order of arrival: by entry, each batch of facts would touch pages everywhere.
-- `kind`: opened, note, talk, need, status, risk …; `about`: the task or need that it speaks of.
create table cases_events (
  entry text primary key, case_id text not null, kind text not null, about text not null, author text not null,
  time integer not null, text text not null, value text not null);
create index cases_events_case on cases_events (case_id, time);
create table cases_needs (
  need text not null, case_id text not null, entry text not null, kind text not null, text text not null, time integer not null,
  primary key (case_id, need, entry)) without rowid;
-- Tasks, computed from the registers `task` and `state` of the subject `case/task`. `listed`: the case is known and not closed.
create table cases_tasks (
  case_id text not null, task text not null, text text not null, due integer, owner text not null, state text not null,
  disputed integer not null, listed integer not null, primary key (case_id, task)) without rowid;
create index cases_tasks_due on cases_tasks (state, listed, due is null, due, case_id, task);
create index cases_tasks_owner on cases_tasks (state, listed, owner, due is null, due, case_id, task);
""" + multivalue.schema(PREFIX)

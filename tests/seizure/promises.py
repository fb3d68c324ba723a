"""The table of promises (DESIGN §2): each row names the tests that hold it, or the issue that will bring them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """One row: what the hunter takes, what he learns, what he never learns, and who watches over it."""

    takes: str
    learns: str
    never: str
    tests: tuple[str, ...]
    comes_with: str = ""


PROMISES = (
    Promise(
        "the relay: disk, database, logs, backups",
        "how many envelopes of which padded size arrived on which day",
        "any word, name, place, case, who works on what",
        (
            "test_the_disk_and_the_logs_of_the_relay_hold_no_word",
            "test_the_relays_disk_holds_nothing_that_helpers_typed",
            "test_the_disk_of_the_relay_names_no_hour_no_address_and_no_device",
        ),
    ),
    Promise(
        "the relay's live memory, at one moment",
        "what somebody without JavaScript is sending in that second",
        "anything sent before it",
        ("test_the_memory_of_the_relay_holds_no_letter_once_it_is_sealed",),
    ),
    Promise(
        "the person's phone or browser profile",
        "nothing: no history title, no cache, no cookie after leaving",
        "that it was this helpline",
        ("test_a_browser_profile_holds_nothing_after_leaving",),
    ),
    Promise(
        "the person's code",
        "that mailbox's unread replies",
        "anybody else",
        (
            "test_a_code_opens_unread_replies_of_its_own_mailbox_only",
            "test_the_persons_code_yields_no_later_leg_and_no_carrier",
            "test_the_persons_code_yields_nothing_of_a_leg_that_is_over",
        ),
        "the duress code comes with the issue on trust",
    ),
    Promise(
        "a host's or driver's code",
        "the one leg now being carried, by pseudonym",
        "the next leg, the last one, a name",
        (
            "test_a_hosts_code_yields_the_one_leg_now_being_carried",
            "test_a_drivers_code_yields_the_one_leg_now_being_carried",
            "test_no_code_yields_an_agreed_phrase_or_a_name",
        ),
    ),
    Promise(
        "a desk's disk, switched off or locked",
        "nothing",
        "",
        ("test_every_field_of_every_form_of_the_desk_was_typed_into", "test_a_locked_desk_says_nothing"),
    ),
    Promise(
        "a caseworker, with passphrase",
        "the cases assigned to that caseworker",
        "other cases, routes, other helpers' names",
        (
            "test_a_caseworkers_opened_vault_holds_no_other_case",
            "test_a_caseworkers_opened_vault_and_the_relay_together_hold_no_other_case",
            "test_what_was_searched_saved_or_read_out_stays_on_no_desk",
            "test_a_caseworkers_opened_vault_holds_no_place_and_no_way",
            "test_a_caseworkers_opened_vault_holds_no_way_and_no_carrier",
        ),
    ),
    Promise(
        "everything, after a case was shredded",
        "that some case was shredded, when, and by whom, by callsign; a coordinator's desk: the way of a party without a sheet",
        "any word of it",
        ("test_a_shredded_case_is_nowhere", "test_the_sheet_of_a_shredded_cases_party_is_nowhere"),
    ),
    Promise(
        "an admin who is no caseworker, with passphrase",
        "who is in the organisation, by callsign; the organisation's root key",
        "any letter, any case, any name",
        ("test_an_admins_opened_vault_opens_no_letter_and_no_case",),
    ),
    Promise(
        "a coordinator, with passphrase",
        "pseudonymous journeys and places",
        "names, contacts, testimony",
        (
            "test_a_coordinators_opened_vault_holds_no_name_and_no_letter",
            "test_a_coordinators_opened_vault_holds_places_and_parties_by_pseudonym_and_no_name",
            "test_a_coordinators_opened_vault_holds_ways_and_phrases_and_no_person",
        ),
    ),
    Promise(
        "treasurer / spokesperson",
        "amounts by budget code / drafted and published figures",
        "any person",
        (),
        "the issues on funds and press",
    ),
    Promise(
        "the published pages, all releases ever",
        "rounded, thresholded figures",
        "whether one given person is among them, by differencing too",
        (),
        "the issue on press",
    ),
)

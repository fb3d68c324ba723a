"""Kunak: the way of one person through the house.

A person writes, without an account, from any browser (`mailbox`). The letter is sealed (`sealing`) to the helpline's key
of the week and kept by a relay that can open nothing (`relay`; both stand behind `front`, the one door on the internet).

A helper's own machine (`desk`, 127.0.0.1) pulls the relay's log, believes only what is signed and complete (`journal`),
keeps it encrypted on its own disk (`vault`), and shows it in rooms:

    helpline   letters come in and are answered
    cases      who is helped, by whom, with what
    journeys   getting people out
    testimony  what was done, and the proof of it
    count      how many, from lists that overlap
    funds      what came in, what it paid for
    press      what may be said

Everything a helper does is a signed entry, sealed to a compartment: access is what you can decrypt, nothing else.
`frame` is the HTML that every page wears; `cli` names the commands; `demo` is a whole organisation to try.
"""

__version__ = "0.1.0"

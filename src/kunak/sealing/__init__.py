"""Bytes in, bytes out: sealing to a person or role (age), inside a compartment, signatures, codes, padding."""

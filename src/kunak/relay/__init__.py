"""Keeps, orders, hands out, understands nothing.

In come sealed envelopes, messages, chunks of files and signed documents; out go the same bytes, in one order, to the devices of
the signed roster. `wire` is the language, `log`, `blobs` and `documents` what is kept, `api` the requests.
"""

"""What a seizure yields, measured: canaries are typed through the real pages, the artefact is taken, and searched.

`searching.py` finds a canary in every spelling that software leaves behind; `promises.py` is the table of DESIGN §2;
each test first finds its canary where it may be, then nowhere else. `make seizure` prints the table with what was found.
"""

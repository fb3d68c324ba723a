"""`python -m kunak` is the command `kunak`."""

from kunak.cli import main

main()

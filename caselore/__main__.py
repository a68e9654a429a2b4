"""`python -m caselore` is the command line."""

from caselore.cli.app import main

if __name__ == "__main__":
    main()

"""The package's version, in one place: the build and the client's User-Agent read it here."""

__version__ = "0.1.0"

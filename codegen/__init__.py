"""Turns the contract in `schema/` into the package's models. Never imports `src`, and is never imported by it."""

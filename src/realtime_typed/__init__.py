"""A typed SDK for the Realtime API."""

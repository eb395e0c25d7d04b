"""Fuzzing: what comes from outside is thrown at the code that reads it; see docs/fuzzing.md.

python -m fuzz [--target NAME ...] [--inputs N | --seconds N] [--json]
"""

# Generated from schema/live/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 643d7f9f86b451f7ae54b28c5902eff2c63b5d9f51af961b60bb5c8db4eb7a7f
# by `python -m codegen generate live` with datamodel-code-generator 0.89.0. Do not edit.
# Source: the Python package openai, openai.types.live at version 3.54.0, Apache-2.0 licence; sentences removed, facts kept
"""The generated models of the protocol `live`; importing this package alone loads none."""

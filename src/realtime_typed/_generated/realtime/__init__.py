# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 6e8533ef02b451dfdc5bde808494fe9d3cecefec4662515d7caf17860656ea03
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The generated models of the protocol `realtime`; importing this package alone loads none."""

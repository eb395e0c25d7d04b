# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 db62a0a618a04bfcce43a21c4be81c554018e9ce305a89113425f2144b773cbe
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The generated models of the protocol `realtime`; importing this package alone loads none."""

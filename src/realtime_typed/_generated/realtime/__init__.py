# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml), sha256 b5059d55ef1ac89b6d42dd6c01491f344f0d3836b0f81051370f17ddce33e63e
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The generated models of the protocol `realtime`; importing this package alone loads none."""

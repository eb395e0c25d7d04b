# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 5194c6b6be7a71180e28c67d3695346641d0e3e7a7fafabbb77148dd4fd1f70f
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The generated models of the protocol `realtime`; importing this package alone loads none."""

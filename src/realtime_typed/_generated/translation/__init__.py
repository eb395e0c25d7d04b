# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The generated models of the protocol `translation`; importing this package alone loads none."""

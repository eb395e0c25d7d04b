# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 58176b12721bfd3c7147aee09872b8ba919c11f845881ae3306515144c0cd7a4
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The generated models of the protocol `realtime`; importing this package alone loads none."""

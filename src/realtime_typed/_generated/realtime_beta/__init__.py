# Generated from schema/realtime_beta/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 1f9c8d840fac17c6f18474b4809270af7549c1e9456ef98eff724815115b793c
# by `python -m codegen generate realtime_beta` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The generated models of the protocol `realtime_beta`; importing this package alone loads none."""

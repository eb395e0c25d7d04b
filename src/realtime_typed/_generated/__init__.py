"""Machine-written code only; see `codegen/`."""

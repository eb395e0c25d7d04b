"""How well the tests of the modules at the heart of the package notice a fault: `python -m mutation`, on mutmut."""

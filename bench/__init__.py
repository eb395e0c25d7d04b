"""Side-by-side benchmarks: ratios to other packages, measured in one run. Wall time is never asserted."""

"""Speed as ratios against named baselines, measured in one run: `python -m benchmarks [NAME…] [--quick]`.

Imports everything, is imported by nothing but its own smoke test. What it prints is kept in docs/performance.md.
"""

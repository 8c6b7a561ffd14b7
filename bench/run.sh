#!/usr/bin/env bash
# Runs the benchmarks and prints the medians and the ratios to the rivals as Markdown tables.
# usage: ./dev bench [FILTER]
#   VERSO_BENCH_BUILD         the build folder (default build/release)
#   VERSO_BENCH_REPETITIONS   how often each is measured (default 5; the median counts)
#   VERSO_BENCH_JSON          where the results go as JSON (default bench.json in the build folder)
#   TMPDIR                    where the stores lie: a folder of the disk that is to be measured
set -euo pipefail

build=${VERSO_BENCH_BUILD:-build/release}
filter=${1:-.}
repetitions=${VERSO_BENCH_REPETITIONS:-5}
json=${VERSO_BENCH_JSON:-$build/bench.json}

# Rivals and verso take turns, so that both see the machine in the same moods.
"$build/bin/verso_bench" --benchmark_filter="$filter" --benchmark_repetitions="$repetitions" \
    --benchmark_enable_random_interleaving=true --benchmark_report_aggregates_only=true \
    --benchmark_out="$json" --benchmark_out_format=json >&2
"$build/bin/verso_bench_report" "$json"

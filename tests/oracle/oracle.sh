#!/usr/bin/env bash
# Draws fresh random graphs with PyTorch and holds MiniNet against it on each, with the plain and the SIMD kernels (or those of MININET_KERNELS).
#   tests/oracle/oracle.sh [--seed N] [--graphs M]      default: a seed from the clock, 300 graphs
# Graph i has the seed N + i, and a graph that fails is named by its own: "graph 1234" comes again with --seed 1234 --graphs 1.
# Needs the .NET SDK and a /usr/bin/python3 with PyTorch (Debian's python3-torch).
set -euo pipefail
seed=$(date +%s) graphs=300
while [ $# -gt 0 ]; do
  case $1 in
    --seed) seed=$2 ;;
    --graphs) graphs=$2 ;;
    *) sed -n '2,5p' "$0" >&2; exit 2 ;;
  esac
  shift 2
done
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en # the count below is read from English
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "seed $seed, $graphs graphs"
/usr/bin/python3 tests/oracle/record.py --seed "$seed" --graphs "$graphs" --output "$work/graphs.json"
dotnet build tests/MiniNet.Tests -c Release -v quiet -nologo -clp:NoSummary
failed=0
for kernels in ${MININET_KERNELS:-plain simd}; do
  echo "$kernels kernels:"
  MININET_KERNELS=$kernels MININET_ORACLE_GRAPHS=$work/graphs.json MININET_ORACLE_SUMMARY=$work/worst \
    dotnet test tests/MiniNet.Tests -c Release --no-build --filter "FullyQualifiedName~Oracle.GraphsTests.Graph_DoesAsPyTorchDoes" > "$work/log" 2>&1 || failed=1
  # A run that found other tests than these graphs has judged nothing.
  grep -qE "Passed: +$graphs," "$work/log" || failed=1
  grep -E "graph [0-9]+: .* is off by|Failed: |error" "$work/log" || cat "$work/log"
  awk '{ print "worst relative error " $0 }' "$work/worst"
  rm "$work/worst"
done
[ $failed -eq 0 ] || echo "FAILED: to repeat one graph alone, tests/oracle/oracle.sh --seed ITS_NUMBER --graphs 1"
exit $failed

#!/usr/bin/env bash
# Draws fresh random graphs with PyTorch and compares MiniNet with it on each, with the plain and the SIMD kernels, or those of
# MININET_KERNELS.
#   tests/oracle/oracle.sh [--seed N] [--graphs M] [--torchsharp]      default: a seed from the clock, 300 graphs
# Graph i has the seed N + i, and a graph that fails is named by its own: "graph 1234" comes again with --seed 1234 --graphs 1.
# --torchsharp compares MiniNet with TorchSharp on the same graphs, too.
# Needs the .NET SDK and a /usr/bin/python3 with PyTorch (Debian's python3-torch).
set -euo pipefail
seed=$(date +%s) graphs=300 torchsharp=false
while [ $# -gt 0 ]; do
  case $1 in
    --seed) seed=$2; shift 2 ;;
    --graphs) graphs=$2; shift 2 ;;
    --torchsharp) torchsharp=true; shift ;;
    *) sed -n '2,7p' "$0" >&2; exit 2 ;;
  esac
done
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en # the count below is read from English
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export MININET_ORACLE_GRAPHS=$work/graphs.json MININET_ORACLE_SUMMARY=$work/worst MININET_TORCHSHARP=required
failed=0

compare() { # what with, and the command that runs the tests; MININET_KERNELS is set
  echo "$MININET_KERNELS kernels, compared with $1:"
  "${@:2}" > "$work/log" 2>&1 || failed=1
  # A run that found other tests than these graphs has compared nothing.
  grep -qE "Passed: +$graphs," "$work/log" || failed=1
  grep -E "graph [0-9]+: .* is off by|Failed: |error" "$work/log" || cat "$work/log"
  [ ! -e "$work/worst" ] || awk '{ print "worst relative error " $0 }' "$work/worst"
  rm -f "$work/worst"
}

echo "seed $seed, $graphs graphs"
/usr/bin/python3 tests/oracle/record.py --seed "$seed" --graphs "$graphs" --output "$work/graphs.json"
dotnet build tests/MiniNet.Tests -c Release -v quiet -nologo -clp:NoSummary
! $torchsharp || dotnet build tests/MiniNet.TorchSharp.Tests -c Release -v quiet -nologo -clp:NoSummary
for kernels in ${MININET_KERNELS:-plain simd}; do
  export MININET_KERNELS=$kernels
  compare PyTorch dotnet test tests/MiniNet.Tests -c Release --no-build \
    --filter "FullyQualifiedName~Oracle.GraphsTests.Graph_DoesAsPyTorchDoes"
  ! $torchsharp || compare TorchSharp tests/MiniNet.TorchSharp.Tests/with-newer-runtime.sh \
    dotnet test tests/MiniNet.TorchSharp.Tests -c Release --no-build \
    --filter "FullyQualifiedName~Torch.GraphsTests.Graph_DoesAsTorchSharpDoes"
done
[ $failed -eq 0 ] || echo "FAILED: to repeat one graph alone, tests/oracle/oracle.sh --seed ITS_NUMBER --graphs 1"
exit $failed

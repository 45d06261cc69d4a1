#!/usr/bin/env bash
# Generates random graphs, runs them with PyTorch, and compares MiniNet's results: with both the plain and the SIMD kernels, or only those
# that MININET_KERNELS names.
#   tests/oracle/oracle.sh [--seed N] [--graphs M] [--torchsharp]      default: a seed from the clock, 300 graphs
# Graph i has the seed N + i, and its name is its seed: to repeat "graph 1234", use --seed 1234 --graphs 1.
# --torchsharp also compares MiniNet with TorchSharp on the same graphs.
# Requires the .NET SDK and a /usr/bin/python3 with PyTorch (Debian's python3-torch).
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
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en # the count below is parsed from English output
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export MININET_ORACLE_GRAPHS=$work/graphs.json MININET_ORACLE_SUMMARY=$work/worst MININET_TORCHSHARP=required
failed=0

compare() { # arguments: the library compared with, and the command that runs the tests
  echo "$MININET_KERNELS kernels, compared with $1:"
  "${@:2}" > "$work/log" 2>&1 || failed=1
  # If the run found another number of tests, it did not compare these graphs.
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
    --filter "FullyQualifiedName~Oracle.GraphsTests.Graph_Results_EqualPyTorch"
  ! $torchsharp || compare TorchSharp tests/MiniNet.TorchSharp.Tests/with-newer-runtime.sh \
    dotnet test tests/MiniNet.TorchSharp.Tests -c Release --no-build \
    --filter "FullyQualifiedName~Torch.GraphsTests.Graph_MatchesTorchSharp"
done
[ $failed -eq 0 ] || echo "FAILED. To repeat one graph, run tests/oracle/oracle.sh --seed ITS_NUMBER --graphs 1"
exit $failed

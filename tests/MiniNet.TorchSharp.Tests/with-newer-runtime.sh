#!/usr/bin/env bash
# Runs a command with the C and C++ runtime of Debian 13, for Debian systems on which TorchSharp's native library does not load.
#   tests/MiniNet.TorchSharp.Tests/with-newer-runtime.sh COMMAND [ARGUMENT ...]
# For example: tests/MiniNet.TorchSharp.Tests/with-newer-runtime.sh dotnet test -c Release tests/MiniNet.TorchSharp.Tests
#
# If the system's own libraries are new enough, the command runs directly. Otherwise the files of libc6, libstdc++6 and libgcc-s1 are
# mounted over the system's, in a namespace that only the command and its children see. Nothing is installed, and root is not needed.
# LD_LIBRARY_PATH does not work here: every program would get the new C library with the system's loader, and their versions must match.
# Needs Debian on x64, apt-get and util-linux. The packages are downloaded once, into obj.
set -euo pipefail
libraries=/usr/lib/x86_64-linux-gnu
wanted=GLIBCXX_3.4.32 # required by libLibTorchSharp.so
fail() {
  echo "with-newer-runtime.sh: $*" >&2
  exit 1
}

mounts() { # the lines of an fstab: every library in the folder over the system's file of that name
  local file old
  for file in "$1"/*.so*; do
    old=$(readlink -f "$libraries/${file##*/}")
    [ ! -f "$old" ] || printf '%s %s none bind 0 0\n' "${file// /\\040}" "$old"
  done
}

download() { # the folder to fill
  local apt mirror mirrors
  command -v apt-get >/dev/null || fail "apt-get is missing; it downloads the libraries of Debian 13."
  mirrors=$(grep -rhv --include='*.list' --include='*.sources' '^ *#' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
    grep -oE 'https?://[^ ]+/debian/?( |$)' | sort -u) || true
  [ -n "$mirrors" ] || fail "the sources of apt name no Debian mirror (http://.../debian)."
  mkdir -p "$1"/{none,lists/partial,cache/archives/partial,root}
  # Use separate lists and a separate cache, so that the system's apt is not affected.
  apt=(apt-get -q -o Dir::Etc::SourceList="$1/debian.sources" -o Dir::Etc::SourceParts="$1/none" -o Dir::State::Lists="$1/lists"
    -o Dir::Cache="$1/cache" -o Debug::NoLocking=1 -o APT::Sandbox::User=root -o Acquire::Languages=none)
  for mirror in $mirrors; do # other packages may come from such an address, too
    printf '%s\n' 'Types: deb' "URIs: $mirror" 'Suites: trixie' 'Components: main' \
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$1/debian.sources"
    (cd "$1" && "${apt[@]}" update && "${apt[@]}" download libc6 libstdc++6 libgcc-s1) >>"$1/log" 2>&1 || continue
    for package in "$1"/*.deb; do dpkg-deb --extract "$package" "$1/root"; done
    return
  done
  cat "$1/log" >&2
  fail "apt-get cannot download the libraries of Debian 13."
}

if [ "${1-}" = --in-namespace ]; then
  # After the first mount the versions of the system's loader and C library differ. So one call of mount, with the new ones, does all.
  fstab=$(mktemp)
  mounts "$2" >"$fstab"
  "$2/ld-linux-x86-64.so.2" --library-path "$2" "$(command -v mount)" --all --fstab "$fstab" ||
    fail "this system does not permit mounting files in a user namespace."
  rm "$fstab"
  shift 2
  exec "$@"
fi

[ $# -gt 0 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
[ "$(uname -sm)" = "Linux x86_64" ] || fail "this script works only on Linux x64, and this is $(uname -sm)."
for own in "$libraries/libstdc++.so.6" /usr/lib64/libstdc++.so.6 /usr/lib/libstdc++.so.6; do
  if grep -qaF "$wanted" "$own" 2>/dev/null; then exec "$@"; fi
done
grep -qx 'ID=debian' /etc/os-release 2>/dev/null || fail "the libraries of Debian 13 work only on Debian, and this is another system."
unshare --user --mount --map-root-user true 2>/dev/null ||
  fail "this system does not permit user namespaces (unshare --user --mount)."

here=$(cd "$(dirname "$0")" && pwd)
if [ ! -d "$here/obj/debian13" ]; then
  mkdir -p "$here/obj"
  work=$(mktemp -d "$here/obj/debian13.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  download "$work"
  mv -T "$work/root" "$here/obj/debian13" 2>/dev/null || [ -d "$here/obj/debian13" ] # another run may have been faster
  rm -rf "$work"
fi

# A build process left running by an earlier command does not see the mounts, so do not reuse one or leave one running.
export MSBUILDDISABLENODEREUSE=1
exec unshare --user --mount --map-root-user "$BASH" "$here/$(basename "$0")" --in-namespace "$here/obj/debian13$libraries" "$@"

#!/usr/bin/env bash
# Prints the version of this commit: that of the newest tag vX.Y.Z before it, else of Directory.Build.props, then how many commits there are.
# The same text is the package's version and what `trafficflow --version` tells.
#   deploy/version.sh          0.1.0-538
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
tag=$(git describe --tags --abbrev=0 --match 'v[0-9]*.[0-9]*.[0-9]*' 2>/dev/null || true)
base=${tag#v}
[[ -n $base ]] || base=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' Directory.Build.props)
printf '%s-%s\n' "$base" "$(git rev-list --count HEAD)"

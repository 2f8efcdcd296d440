#!/usr/bin/env bash
# Shows TrafficFlow on this machine: a synthetic four-camera intersection, everything in one process, no camera and no model needed.
# Installs what is missing (as root or with sudo), builds, and runs `trafficflow demo`; arguments are handed on, try --help.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/prepare.sh
source "$root/deploy/prepare.sh"

prepare demo
say "Building TrafficFlow (Release) …"
# Of the feed's one or two versions of a package a newer one is often taken: a warning each time, and no help here (nor does the terminal logger leave it out).
(cd "$root" && dotnet build -c Release --nologo -v quiet -tl:off "-clp:ErrorsOnly;NoSummary" src/TrafficFlow.Node) >&2

exec "$root/src/TrafficFlow.Node/bin/Release/net10.0/trafficflow" demo "$@"

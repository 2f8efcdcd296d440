#!/usr/bin/env bash
# Writes a software bill of materials (CycloneDX, JSON): every NuGet package that is shipped, with version, licence and hash, the .NET runtime,
# our network's weights, and the Debian packages that the program needs. Asks the package feed for the CycloneDX tool, and nobody else: licences
# come from the packages themselves and from /usr/share/doc.
#   deploy/sbom.sh [FILE]     default: out/trafficflow.cdx.json
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/prepare.sh
source "$root/deploy/prepare.sh"

target=$(realpath -m -- "${1:-$root/out/trafficflow.cdx.json}")
project=$root/src/TrafficFlow.Node
version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$root/Directory.Build.props")
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

cd "$root"
[[ -f $project/obj/project.assets.json ]] || dotnet restore --nologo -v quiet "$project" >&2
dotnet tool restore >&2 || fail "The CycloneDX tool of .config/dotnet-tools.json cannot be fetched: is the package feed reachable?"
dotnet tool run dotnet-CycloneDX -- "$project/TrafficFlow.Node.csproj" --disable-package-restore --output-format Json --spec-version 1.6 \
  --set-name trafficflow --set-version "$version" --output "$scratch" --filename nuget.json >"$scratch/log" || {
  cat "$scratch/log" >&2
  fail "The bill of the NuGet packages could not be made."
}

mkdir -p -- "$(dirname -- "$target")"
packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
/usr/bin/python3 "$root/deploy/sbom.py" "$scratch/nuget.json" "$packages" "$root/src/TrafficFlow.Training/weights" "$target.new" "${PROGRAM_PACKAGES[@]}"
mv -- "$target.new" "$target"
say "$target: $(grep -c '"bom-ref"' "$target") components"

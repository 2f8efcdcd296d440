#!/usr/bin/env bash
# Builds Debian packages of the last commit, that hold .NET: no SDK and no runtime is needed where they are installed.
#   deploy/package.sh [--arch amd64|arm64|all] [--out DIR] [--key KEY] [--no-sbom]
#     --arch   default: amd64. A package for arm64 is for servers: OpenCV's library for it is not served, so it reads no cameras
#     --out    default: out/packages. Gets trafficflow_VERSION_ARCH.deb, TrafficFlow.Client.VERSION.nupkg, a bill of materials (CycloneDX) and SHA256SUMS
#     --key    a key of gpg, which signs SHA256SUMS (SHA256SUMS.asc); check with: gpg --verify SHA256SUMS.asc && sha256sum -c SHA256SUMS
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/prepare.sh
source "$root/deploy/prepare.sh"

architectures=(amd64) out=$root/out/packages key='' bill=1
while (($#)); do
  case $1 in
  --arch)
    case ${2:-} in
    amd64 | arm64) architectures=("$2") ;;
    all) architectures=(amd64 arm64) ;;
    *) fail "--arch takes amd64, arm64 or all" ;;
    esac
    shift 2
    ;;
  --out) out=$(realpath -m -- "${2:?--out takes a folder}") && shift 2 ;;
  --key) key=${2:?--key takes a key of gpg} && shift 2 ;;
  --no-sbom) bill='' && shift ;;
  *) fail "usage: package.sh [--arch amd64|arm64|all] [--out DIR] [--key KEY] [--no-sbom]" ;;
  esac
done

command -v dpkg-deb >/dev/null || fail "There is no dpkg-deb here: build packages on Debian, or install its package dpkg."
[[ -z $key ]] || gpg --list-secret-keys "$key" >/dev/null 2>&1 || fail "gpg has no secret key $key here: see gpg --list-secret-keys."
prepare_dotnet

cd "$root"
commit=$(git rev-parse HEAD)
version=$(deploy/version.sh)
[[ -z $(git status --porcelain) ]] || say "Not everything here is committed: the package holds commit ${commit:0:12} without it."

scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
chmod 0755 "$scratch"
# Of the commit and nothing else; the build here stays as it is.
mkdir "$scratch/source"
git archive --format=tar HEAD | tar -x -C "$scratch/source"
mkdir -p -- "$out"
made=()

# publish RUNTIME FOLDER
publish() {
  say "Building for $1 (some minutes)"
  dotnet publish "$scratch/source/src/TrafficFlow.Node/TrafficFlow.Node.csproj" -c Release -r "$1" --self-contained true -o "$2" \
    -p:UseCurrentRuntimeIdentifier=false -p:DebugType=none -p:GenerateDocumentationFile=false -p:IncludeSourceRevisionInInformationalVersion=false \
    -p:InformationalVersion="$version+$commit" -p:RunAnalyzers=false --nologo -v quiet -clp:ErrorsOnly >&2 || fail "The program could not be built for $1."
}

# The settings as a service has them: what they write lies in /var/lib.
put_settings() {
  local file
  install -d -m 0755 "$1/etc/trafficflow/sites"
  for file in roadside server single; do
    sed 's#^\(  data-directory = \).*#\1"/var/lib/trafficflow"#' "$scratch/source/hocon/$file.conf" >"$1/etc/trafficflow/$file.conf"
  done
  cp -- "$scratch/source"/hocon/sites/*.conf "$1/etc/trafficflow/sites/"
  find "$1/etc/trafficflow" -type f -exec chmod 0644 {} +
  (cd "$1" && find etc -type f -printf '/%p\n' | sort) >"$1/DEBIAN/conffiles"
}

# control FOLDER ARCHITECTURE
control() {
  local note=''
  [[ $2 == amd64 ]] || note=$' .\n This package is for servers: it reads no cameras, since OpenCV is not built for this architecture.\n'
  sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$2/" -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$1" | cut -f1)/" "$scratch/source/deploy/debian/control" >"$1/DEBIAN/control"
  printf '%s' "$note" >>"$1/DEBIAN/control"
}

# build ARCHITECTURE RUNTIME
build() {
  local tree=$scratch/$1 unit doc example
  install -d -m 0755 "$tree/DEBIAN" "$tree/usr/bin" "$tree/usr/lib/systemd/system" "$tree/usr/lib/sysusers.d"
  publish "$2" "$tree/usr/lib/trafficflow"
  find "$tree/usr/lib/trafficflow" -type d -exec chmod 0755 {} + -o -type f -exec chmod 0644 {} +
  chmod 0755 "$tree/usr/lib/trafficflow/trafficflow"
  [[ ! -e $tree/usr/lib/trafficflow/createdump ]] || rm -- "$tree/usr/lib/trafficflow/createdump" # a dump may hold a picture
  ln -s ../lib/trafficflow/trafficflow "$tree/usr/bin/trafficflow"
  for unit in "$scratch/source"/deploy/systemd/*.service; do install -m 0644 "$unit" "$tree/usr/lib/systemd/system/"; done
  install -m 0644 "$scratch/source/deploy/systemd/trafficflow.sysusers" "$tree/usr/lib/sysusers.d/trafficflow.conf"
  install -d -m 0755 "$tree"/usr/share/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
  install -m 0644 "$scratch/source/src/TrafficFlow.Node/Completion/trafficflow.bash" "$tree/usr/share/bash-completion/completions/trafficflow"
  install -m 0644 "$scratch/source/src/TrafficFlow.Node/Completion/trafficflow.zsh" "$tree/usr/share/zsh/vendor-completions/_trafficflow"
  install -m 0644 "$scratch/source/src/TrafficFlow.Node/Completion/trafficflow.fish" "$tree/usr/share/fish/vendor_completions.d/trafficflow.fish"
  doc=$tree/usr/share/doc/trafficflow
  install -d -m 0755 "$doc/deploy"
  install -m 0644 "$scratch/source/README.md" "$doc/"
  install -d -m 0755 "$doc/src"
  install -m 0644 "$scratch/source/src/README.md" "$doc/src/"
  install -m 0644 "$scratch/source"/deploy/*.md "$doc/deploy/"
  install -d -m 0755 "$doc/deploy/examples/csharp" "$doc/deploy/examples/python" "$doc/deploy/examples/r"
  install -m 0644 "$scratch/source"/deploy/examples/csharp/*.cs* "$doc/deploy/examples/csharp/"
  install -m 0644 "$scratch/source"/deploy/examples/python/*.py "$doc/deploy/examples/python/"
  install -m 0644 "$scratch/source"/deploy/examples/r/*.R "$doc/deploy/examples/r/"
  install -d -m 0755 "$doc/deploy/pictures"
  install -m 0644 "$scratch/source"/deploy/pictures/* "$doc/deploy/pictures/"
  install -m 0755 "$scratch/source/deploy/ca.sh" "$doc/deploy/"
  install -d -m 0755 "$doc/deploy/monitoring"
  install -m 0644 "$scratch/source"/deploy/monitoring/* "$doc/deploy/monitoring/"
  install -m 0644 "$scratch/source/LICENSE" "$doc/copyright"
  gzip -9n <"$scratch/source/deploy/CHANGELOG.md" >"$doc/changelog.gz"
  chmod 0644 "$doc/changelog.gz"
  put_settings "$tree"
  control "$tree" "$1"
  for script in preinst postinst prerm postrm; do install -m 0755 "$scratch/source/deploy/debian/$script" "$tree/DEBIAN/$script"; done
  dpkg-deb --root-owner-group -Zxz --build "$tree" "$out/trafficflow_${version}_$1.deb" >&2
  made+=("trafficflow_${version}_$1.deb")
  rm -rf -- "$tree"
}

for architecture in "${architectures[@]}"; do
  case $architecture in
  amd64) build amd64 linux-x64 ;;
  arm64) build arm64 linux-arm64 ;;
  esac
done
# For analysts on .NET; the same for all machines.
say "Packing TrafficFlow.Client"
dotnet pack "$scratch/source/src/TrafficFlow.Client/TrafficFlow.Client.csproj" -c Release -o "$scratch/client" -p:UseCurrentRuntimeIdentifier=false -p:PackageVersion="$version" \
  -p:RunAnalyzers=false --nologo -v quiet -clp:ErrorsOnly >&2 || fail "TrafficFlow.Client could not be packed."
install -m 0644 "$scratch/client/TrafficFlow.Client.$version.nupkg" "$out/"
made+=("TrafficFlow.Client.$version.nupkg")
if [[ -n $bill ]]; then
  deploy/sbom.sh "$out/trafficflow_$version.cdx.json"
  made+=("trafficflow_$version.cdx.json")
fi

cd "$out"
sha256sum -- "${made[@]}" >SHA256SUMS.new
mv -- SHA256SUMS.new SHA256SUMS
rm -f -- SHA256SUMS.asc
[[ -z $key ]] || gpg --batch --yes --local-user "$key" --armor --output SHA256SUMS.asc --detach-sign SHA256SUMS
say "In $out: ${made[*]} SHA256SUMS${key:+ SHA256SUMS.asc}"

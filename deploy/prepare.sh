# shellcheck shell=bash
# Sourced by demo.sh and test.sh: installs what is missing on this machine, and only that.
# Everything is told before it is done. Needs root or sudo only when something is missing.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# What the program itself needs: ffmpeg reads the cameras, OpenCV's library is linked with GTK and libatomic, time zones belong to the site files.
PROGRAM_PACKAGES=(ffmpeg 'libgtk-3-0|libgtk-3-0t64' libatomic1 tzdata)

# Without it ffmpeg reads foreign videos unconfined, which the program says at each start. Worth having, and no reason to stop where it is missing.
OPTIONAL_PACKAGES=(bubblewrap)

# What the tests need in addition: a real RTSP server, PostgreSQL, SQLite's shell, certificates (deploy/ca.sh), Prometheus, and tools to cut, to listen
# to and to give a test a network and a clock of its own; the shells whose completion is tried; a browser for the pages, with letters for Japanese; an MQTT
# broker; R for its example; what prints reports, and what reads the print; the simulator that checks proposals.
TEST_PACKAGES=(
  python3-gi gir1.2-gst-rtsp-server-1.0 gir1.2-gstreamer-1.0
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-tools
  'postgresql-15|postgresql-17' sqlite3 openssl tcpdump iproute2 util-linux bsdutils libfaketime systemd prometheus zsh fish
  chromium fonts-noto-cjk
  mosquitto mosquitto-clients r-base-core r-cran-jsonlite
  weasyprint poppler-utils
  sumo
)

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

is_installed() {
  [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

# Without a terminal sudo cannot ask for a password: find out before anything is begun.
require_root() {
  ((EUID == 0)) && return
  command -v sudo >/dev/null || fail "This needs root and there is no sudo. As root: $*"
  if [[ ! -t 0 ]] && ! sudo -n true 2>/dev/null; then
    fail "This needs root, and sudo would ask for a password on no terminal. As root: $*"
  fi
}

apt_install() {
  require_root "apt-get update && apt-get install --no-install-recommends $*"
  say "Installing from the Debian archive: $*"
  as_root apt-get update -q >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2
}

# Each argument is a package, or names of one package in different releases, divided by |.
install_missing() {
  local entry name found missing=()
  for entry in "$@"; do
    found=
    for name in ${entry//|/ }; do
      if is_installed "$name"; then found=$name; fi
    done
    [[ -n $found ]] || missing+=("$entry")
  done
  ((${#missing[@]})) || return 0

  command -v apt-get >/dev/null || fail "Missing here: ${missing[*]}. This script installs with apt-get only: install them by hand and run it again."
  local chosen=()
  for entry in "${missing[@]}"; do
    chosen+=("$(available_name "$entry")")
  done
  apt_install "${chosen[@]}"
}

# The first of the names that this release knows; the first of all where the lists have not been fetched yet.
available_name() {
  local name
  for name in ${1//|/ }; do
    if apt-cache show "$name" >/dev/null 2>&1; then
      printf '%s' "$name"
      return
    fi
  done
  printf '%s' "${1%%|*}"
}

has_dotnet() {
  command -v dotnet >/dev/null && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'
}

prepare_dotnet() {
  has_dotnet && return
  # Microsoft's own installer and manual installs put it here without touching PATH.
  local folder
  for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
    if [[ -n $folder && -x $folder/dotnet ]] && "$folder/dotnet" --list-sdks | grep -q '^10\.'; then
      export DOTNET_ROOT=$folder PATH="$folder:$PATH"
      return
    fi
  done
  if command -v apt-cache >/dev/null && apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then
    apt_install dotnet-sdk-10.0
  fi
  has_dotnet || fail "The .NET SDK 10 is missing, and this machine's package lists do not have it.
Install it as https://learn.microsoft.com/dotnet/core/install/linux says (package dotnet-sdk-10.0), and run this again."
}

# `trafficflow mark` serves its page with ASP.NET Core. SDK packages bring its runtime along; some distributions divide them.
prepare_aspnetcore() {
  dotnet --list-runtimes | grep -q '^Microsoft\.AspNetCore\.App 10\.' && return
  apt_install aspnetcore-runtime-10.0
}

install_optional() {
  (install_missing "$@") || say "Going on without: $* (ffmpeg then runs without a sandbox)"
}

# prepare demo | prepare test
prepare() {
  prepare_dotnet
  prepare_aspnetcore
  install_missing "${PROGRAM_PACKAGES[@]}"
  install_optional "${OPTIONAL_PACKAGES[@]}"
  [[ $1 != test ]] || install_missing "${TEST_PACKAGES[@]}"
}

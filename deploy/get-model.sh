#!/usr/bin/env bash
# Fetches a detector model with a free licence from its publisher. TrafficFlow ships no model: this is a choice of its user.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
name=yolox_nano.onnx
url=https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/$name
folder=$root/models
expected=
force=

usage() {
  cat <<END
usage: get-model.sh [--dir FOLDER] [--sha256 HEX] [--force]

Fetches YOLOX-nano as ONNX (COCO's 80 classes: cars, motorcycles, buses, trucks; input 416x416), some 4 MB.
  Publisher  Megvii-BaseDetection/YOLOX on GitHub, release 0.1.1rc0
  Licence    Apache-2.0
  Into       FOLDER/$name; FOLDER is models/ of this clone unless --dir says otherwise

  --sha256 HEX  keep the file only if this is its SHA-256. The publisher states none, so none is built in: take it from a copy
                that you trust. Without it the computed one is shown.
  --force       fetch it again although it is there
END
}

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

while (($#)); do
  case $1 in
  --help | -h)
    usage
    exit 0
    ;;
  --dir | --sha256)
    (($# > 1)) || fail "$1 needs a value. Try --help."
    if [[ $1 == --dir ]]; then folder=$2; else expected=${2,,}; fi
    shift
    ;;
  --force) force=1 ;;
  *) fail "$1 is not known. Try --help." ;;
  esac
  shift
done
[[ -z $expected || $expected =~ ^[0-9a-f]{64}$ ]] || fail "--sha256 is not 64 hexadecimal digits."

sum() { sha256sum -- "$1" | cut -d ' ' -f 1; }

file=$folder/$name
if [[ -e $file && -z $force ]]; then
  printf '%s is there already; --force fetches it again.\n' "$file"
else
  command -v curl >/dev/null || fail "curl is missing: install it, or fetch $url by hand into $folder."
  mkdir -p -- "$folder"
  part=$(mktemp -- "$folder/.$name.XXXXXX")
  trap 'rm -f -- "$part"' EXIT
  printf 'Fetching %s …\n' "$url"
  if ! curl --fail --location --silent --show-error --proto '=https' --connect-timeout 15 --retry 2 --output "$part" -- "$url"; then
    fail '' \
      'The model could not be fetched. Is this machine connected to the internet?' \
      'Nothing needs it: the default detector is a network of our own that is part of the program.' \
      "Or fetch the file on another machine and copy it to $file:" \
      "  $url"
  fi
  # A login page or an error page of a proxy is small and is no model.
  size=$(stat -c %s -- "$part")
  ((size > 1000000)) || fail "What came is only $size bytes and no model. A proxy may have answered in the publisher's place."
  if [[ -n $expected && $(sum "$part") != "$expected" ]]; then
    fail "The SHA-256 of what came is $(sum "$part"), not $expected: not kept."
  fi
  chmod 644 -- "$part"
  mv -f -- "$part" "$file"
fi

if [[ -n $expected && $(sum "$file") != "$expected" ]]; then
  fail "The SHA-256 of $file is $(sum "$file"), not $expected: do not use it."
fi
printf 'Licence  Apache-2.0 (YOLOX, Megvii Inc.)\nSize     %d bytes\nSHA-256  %s\n' "$(stat -c %s -- "$file")" "$(sum "$file")"
printf 'Use it:  trafficflow count VIDEO --site FILE --camera ID --out DIR --model "%s"\n' "$file"
printf 'or name it in trafficflow.detectors; hocon/common.conf says how.\n'

#!/usr/bin/env bash
# Builds the whole solution with warnings as errors and runs every test project, from a clean clone, in any folder, as root or with sudo.
# Installs what is missing. Ends with one line: N passed, N failed, N skipped. Fails when a test failed, a project crashed, or none ran.
#   --no-prepare   install nothing, for machines that are already prepared
#   --long         run those too that are marked Run=Long: minutes each, for before a release
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/prepare.sh
source "$root/deploy/prepare.sh"

# A test that hangs must not hang the whole run; one that takes five minutes is named while it runs.
project_minutes=45

prepares=1 left_out=(-trait- Run=Long)
for word in "$@"; do
  case $word in
  --no-prepare) prepares=0 ;;
  --long) left_out=() ;;
  *) fail "usage: test.sh [--no-prepare] [--long]" ;;
  esac
done
((!prepares)) || prepare test

results=$(mktemp -d)
trap 'rm -rf -- "$results"' EXIT
passed=0 failed=0 skipped=0

finish() {
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  ((failed == 0 && passed > 0)) && exit 0
  exit 1
}

# figure FILE ATTRIBUTE: a figure of the first <assembly> of a result file; nothing when the file is not whole.
figure() {
  { grep -o '<assembly [^>]*>' "$1" 2>/dev/null || true; } | head -n 1 | sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p"
}

run_project() {
  local project=$1 name result code=0
  name=$(basename -- "$project")
  result=$results/$name.xml
  printf '\n== %s\n' "$name"
  (cd "$project" && timeout --kill-after=30 "${project_minutes}m" "bin/Release/net10.0/$name" -noColor -noLogo -longRunning 300 "${left_out[@]}" -result-xml "$result") || code=$?

  local p f e s
  p=$(figure "$result" passed) f=$(figure "$result" failed) e=$(figure "$result" errors) s=$(figure "$result" skipped)
  if [[ -z $p || -z $f || -z $e || -z $s ]]; then
    printf '%s crashed or was stopped (exit code %d) before it wrote its results: counted as failed\n' "$name" "$code"
    failed=$((failed + 1))
    return
  fi
  passed=$((passed + p)) failed=$((failed + f + e)) skipped=$((skipped + s))
  if ((code != 0 && f + e == 0)); then
    printf '%s ended with exit code %d although no test failed: counted as failed\n' "$name" "$code"
    failed=$((failed + 1))
  fi
}

skip_reasons() {
  local result
  for result in "$results"/*.xml; do
    [[ -e $result ]] || continue
    tr '\n' ' ' <"$result" | { grep -o 'result="Skip"[^>]*><reason>[^<]*' || true; } | sed 's/.*<reason>//'
  done | sed 's/\\"/"/g; s/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | sort | uniq -c | sort -rn
}

# Once more at the end, where they are found: a run prints thousands of lines.
# Each with what it said: the log itself may be kept in part alone.
failed_tests() {
  local result
  for result in "$results"/*.xml; do
    [[ -e $result ]] || continue
    tr '\n' ' ' <"$result" | { grep -oP '<test [^>]*result="Fail".*?</test>' || true; } |
      sed -E 's/^<test [^>]*name="([^"]*)".*<message>(<!\[CDATA\[)?(.{0,600}).*/\1\n      \3/; s/(\]\]>)?<\/message>.*//'
  done | sed 's/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

cd "$root"
if ! dotnet build -c Release --nologo -v quiet -clp:ErrorsOnly TrafficFlow.sln; then
  printf 'The solution does not build.\n'
  failed=1
  finish
fi

for project in "$root"/tests/TrafficFlow.*.Tests; do
  run_project "$project"
done

reasons=$(skip_reasons)
if [[ -n $reasons ]]; then
  printf '\nSkipped, and why:\n%s\n' "$reasons"
fi
names=$(failed_tests)
if [[ -n $names ]]; then
  printf '\nFailed:\n%s\n' "$names"
fi
printf '\n'
finish

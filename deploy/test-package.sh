#!/usr/bin/env bash
# Tries a package in a fresh Debian of its own (debootstrap and chroot): install, run as the service's account, kill -9, backup and restore, as a unit of
# a systemd that is booted there (confinement, kill -9, a hung node, wrong settings), upgrade with changed settings and back, remove, purge; nothing is
# left but what is said. As root, with debootstrap and the Debian archive in reach; some minutes.
#   deploy/test-package.sh [DEB [NEWER_DEB]]     default: builds one of this commit; a newer one is made of it by its version alone
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/prepare.sh
source "$root/deploy/prepare.sh"
# shellcheck source=deploy/booted.sh
source "$root/deploy/booted.sh"

((EUID == 0)) || fail "SKIPPED: a fresh Debian is made by root only."
command -v debootstrap >/dev/null || fail "SKIPPED: there is no debootstrap here: apt-get install debootstrap"

scratch=$(mktemp -d)
target=$scratch/root
clean() {
  local mounted
  shut_down
  for mounted in dev/pts dev proc sys; do mountpoint -q "$target/$mounted" && umount -l "$target/$mounted"; done
  rm -rf --one-file-system -- "$scratch"
}
trap clean EXIT

step() { say "== $*"; }
inside() { chroot "$target" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }
as_node() { inside setpriv --reuid trafficflow --regid trafficflow --init-groups "$@"; }
# expect WORDS FILE
expect() { grep -q -- "$1" "$2" || fail "FAILED: no \"$1\" in: $(cat "$2")"; }

package=${1:-}
if [[ -z $package ]]; then
  step "building a package of this commit"
  "$root/deploy/package.sh" --out "$scratch/packages" --no-sbom
  package=$(echo "$scratch"/packages/*_amd64.deb)
  (cd "$scratch/packages" && sha256sum --check --quiet SHA256SUMS)
fi
newer=${2:-}
if [[ -z $newer ]]; then
  dpkg-deb --raw-extract "$package" "$scratch/newer"
  sed -i 's/^\(Version: .*\)$/\1+next/' "$scratch/newer/DEBIAN/control"
  sed -i 's/^# What this node is.*/# What this node is, in the next version:/' "$scratch/newer/etc/trafficflow/single.conf"
  echo "# of the next version" >>"$scratch/newer/etc/trafficflow/single.conf"
  newer=$scratch/newer.deb
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$scratch/newer" "$newer" >/dev/null
fi

step "a fresh Debian"
if [[ -n ${TRAFFICFLOW_DEBIAN_ROOT:-} ]]; then
  cp -a -- "$TRAFFICFLOW_DEBIAN_ROOT" "$target"
else
  debootstrap --variant=minbase bookworm "$target" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$scratch/debootstrap.log" 2>&1 || fail "SKIPPED: no Debian could be made: $(tail -n 1 "$scratch/debootstrap.log")"
fi
for mounted in proc sys dev dev/pts; do mount --bind "/$mounted" "$target/$mounted"; done
[[ ! -e /etc/resolv.conf ]] || cp -L /etc/resolv.conf "$target/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$target/usr/sbin/policy-rc.d"
chmod 0755 "$target/usr/sbin/policy-rc.d"
(cd "$target" && find etc usr var -xdev ! -path 'var/cache/*' ! -path 'var/lib/apt/*' ! -path 'var/lib/dpkg/*' ! -path 'var/log/*' | sort) >"$scratch/before"

step "install, with what it depends on"
cp -- "$package" "$target/root/one.deb"
cp -- "$newer" "$target/root/two.deb"
inside apt-get update -q >"$scratch/apt.log" 2>&1 || fail "SKIPPED: the Debian archive cannot be reached from there: $(tail -n 1 "$scratch/apt.log")"
inside apt-get install -q -y --no-install-recommends /root/one.deb >"$scratch/apt.log" 2>&1 || fail "FAILED: it cannot be installed: $(tail -n 15 "$scratch/apt.log")"
expect "systemctl enable --now trafficflow-single" "$scratch/apt.log"
version=$(inside dpkg-query -W -f '${Version}' trafficflow)
inside trafficflow --version | tee "$scratch/said" >&2
expect "trafficflow $version" "$scratch/said"
for file in bash-completion/completions/trafficflow zsh/vendor-completions/_trafficflow fish/vendor_completions.d/trafficflow.fish; do
  [[ -s $target/usr/share/$file ]] || fail "FAILED: no completion in /usr/share/$file"
done
[[ $(inside bash -c 'source /usr/share/bash-completion/completions/trafficflow; COMP_LINE="trafficflow ctl cam" COMP_POINT=19 COMP_WORDS=(trafficflow ctl cam) COMP_CWORD=2; _trafficflow; echo "${COMPREPLY[*]}"') == camera ]] || fail "FAILED: bash does not complete"
[[ $(inside stat -c '%a %U %G' /var/lib/trafficflow) == '700 trafficflow trafficflow' ]] || fail "FAILED: rights of the data folder"
[[ $(inside stat -c '%a %U %G' /etc/trafficflow/single.conf) == '640 root trafficflow' ]] || fail "FAILED: rights of the settings"
[[ $(inside stat -c '%a %U' /etc/trafficflow/secrets) == '700 root' ]] || fail "FAILED: rights of the secrets"

step "run as the service's account, on the replayed site"
sed -i 's#^\(  sites = \).*#\1["sites/replay.conf"]#' "$target/etc/trafficflow/single.conf"
as_node trafficflow run --check --config /etc/trafficflow/single.conf >&2
run_node() { as_node trafficflow run --config /etc/trafficflow/single.conf >"$scratch/node.log" 2>&1 & }
counted() { as_node trafficflow ctl approach show --json >"$scratch/said" 2>/dev/null && grep -q '[1-9]' "$scratch/said"; }
wait_for() {
  local n
  for ((n = 0; n < 120; n++)); do
    if "$@"; then return; fi
    sleep 1
  done
  fail "FAILED: $* did not come true: $(tail -n 20 "$scratch/node.log")"
}
node_process() { cat "$target/var/lib/trafficflow/node.pid"; }
run_node
wait_for counted
[[ $(stat -c %a "$target/var/lib/trafficflow/ctl.sock" "$target/var/lib/trafficflow/outbox.db" | sort -u) == 600 ]] || fail "FAILED: others can open the node's files"
as_node trafficflow doctor --config /etc/trafficflow/single.conf --out /var/lib/trafficflow/doctor.zip >&2
rm -- "$target/var/lib/trafficflow/doctor.zip"

step "kill -9, and again"
kill -9 "$(node_process)"
wait || true
run_node
wait_for counted

step "backup of the running node, by root, and restore"
inside trafficflow backup /root/backup --config /etc/trafficflow/single.conf >&2
kill "$(node_process)"
wait || fail "FAILED: the node did not end in peace: $(tail -n 20 "$scratch/node.log")"
rm -rf -- "$target/var/lib/trafficflow"/* "$target/var/lib/trafficflow"/.[!.]*
inside trafficflow restore /root/backup --data /var/lib/trafficflow >&2
run_node
wait_for counted
kill "$(node_process)"
wait || true
rm -rf -- "$target/root/backup"

step "as a unit of systemd"
unit_tried=', not tried as a unit'
unit=trafficflow-single
property() { in_booted systemctl show "$unit" --property "$1" --value; }
is() { [[ $(property "$1") == "$2" ]]; }
ask_unit() { in_booted setpriv --reuid trafficflow --regid trafficflow --init-groups trafficflow ctl "$@" >"$scratch/said" 2>/dev/null; }
entered() { ask_unit approach show --json && grep -o '"entered_vehicles": *[0-9]*' "$scratch/said" | awk -F: '{ sum += $2 } END { print sum + 0 }'; }
counts_beyond() { local now && now=$(entered) && ((now > $1)); }
streams() { ask_unit camera list && grep -q 'clip1 .*streaming' "$scratch/said"; }
# What a node says as a unit lies in the journal.
journal() { in_booted journalctl --quiet --no-hostname --unit "$unit" --output cat; }
unit_comes() {
  local n
  for ((n = 0; n < 180; n++)); do
    if "$@"; then return; fi
    sleep 1
  done
  journal | tail -n 30 >&2
  fail "FAILED: as a unit, $* did not come true"
}
inside apt-get install -q -y --no-install-recommends systemd systemd-sysv dbus bubblewrap >"$scratch/apt.log" 2>&1 || fail "FAILED: no systemd can be installed: $(tail -n 5 "$scratch/apt.log")"
if ! boot "$target"; then
  say "SKIPPED: this machine lets no systemd run in namespaces, so units are judged by systemd-analyze alone: $(tail -n 2 "$target.boot.log")"
else
  # A file as a camera, so that ffmpeg runs in its sandbox inside of the unit's.
  in_booted ffmpeg -v error -f lavfi -i testsrc2=size=320x180:rate=5:duration=1200 -c:v libx264 -preset ultrafast -y /etc/trafficflow/clip.mp4
  cat >"$target/etc/trafficflow/sites/clip.conf" <<END
trafficflow.site {
  id = clip, name = Clip, time-zone = "Asia/Tokyo"
  approaches { north {} }
  cameras.clip1 {
    source = "../clip.mp4"
    frame { width = 320, height = 180, fps = 5 }
    detector = motion
    gates { in { from = [0.1, 0.5], to = [0.9, 0.5], forward = { enters = north } } }
  }
}
END
  sed -i 's#^\(  sites = \).*#\1["sites/replay.conf", "sites/clip.conf"]#' "$target/etc/trafficflow/single.conf"
  # As in the package, but for the patience with a hung node: 3 minutes there.
  install -d "$target/etc/systemd/system/$unit.service.d"
  printf '[Service]\nWatchdogSec=20s\n' >"$target/etc/systemd/system/$unit.service.d/test.conf"
  in_booted systemctl daemon-reload
  in_booted systemctl enable --quiet --now "$unit" || { journal >&2 && fail "FAILED: the unit does not start"; }
  unit_comes counts_beyond 0
  unit_comes streams
  first=$(property MainPID)
  status=$(in_booted cat "/proc/$first/status")
  for line in 'NoNewPrivs:	1' 'Seccomp:	2' 'CapEff:	0000000000000000'; do
    grep -q "^$line" <<<"$status" || fail "FAILED: the unit's process has no \"$line\""
  done
  [[ $(in_booted stat -c %U "/proc/$first") == trafficflow ]] || fail "FAILED: the unit does not run as its account"
  # Into a file: where grep has seen enough, what writes into the pipe would fail.
  journal >"$scratch/journal"
  ! grep 'without a sandbox' "$scratch/journal" >&2 || fail "FAILED: the unit lets no sandbox be made for ffmpeg"
  say "$(property StatusText)"
  for one in roadside server single; do say "trafficflow-$one: $(in_booted systemd-analyze security --no-pager "trafficflow-$one.service" | tail -n 1)"; done

  before=$(entered)
  in_booted kill -9 "$first"
  unit_comes is NRestarts 1
  unit_comes counts_beyond "$before"
  second=$(property MainPID)
  [[ $second != "$first" ]] || fail "FAILED: it was not started again after kill -9"

  before=$(entered)
  in_booted kill -STOP "$second"
  unit_comes is NRestarts 2
  unit_comes counts_beyond "$before"
  journal >"$scratch/journal"
  grep -i 'watchdog' "$scratch/journal" >&2 || fail "FAILED: the hung node was not ended by the watchdog"

  # A newer package while it counts and delivers, and back: it goes on from where it was.
  for deb in two one; do
    before=$(entered)
    second=$(property MainPID)
    in_booted dpkg --force-confold -i "/root/$deb.deb" >"$scratch/apt.log" 2>&1 || fail "FAILED: $deb.deb over a running unit: $(tail -n 15 "$scratch/apt.log")"
    [[ $(property MainPID) != "$second" ]] || fail "FAILED: the unit was not started again by the package"
    unit_comes counts_beyond "$before"
  done

  # Settings that are wrong: told, and not tried again for ever.
  in_booted systemctl stop "$unit"
  sed -i 's#sites/clip.conf#sites/none.conf#' "$target/etc/trafficflow/single.conf"
  ! in_booted systemctl start "$unit" 2>"$scratch/said" || fail "FAILED: a node starts with wrong settings"
  is ExecMainStatus 2 || fail "FAILED: wrong settings end with $(property ExecMainStatus), not 2"
  is ActiveState failed || fail "FAILED: wrong settings are tried again: $(property ActiveState)"
  journal >"$scratch/journal"
  grep -m 1 'none.conf' "$scratch/journal" >&2 || fail "FAILED: what is wrong in the settings is not said"
  sed -i 's#, "sites/none.conf"##' "$target/etc/trafficflow/single.conf"
  in_booted systemctl disable --quiet "$unit"
  shut_down
  unit_tried=', tried as a unit'
  rm -r -- "$target/etc/systemd/system/$unit.service.d" "$target/etc/trafficflow/sites/clip.conf" "$target/etc/trafficflow/clip.mp4"
fi

step "upgrade with settings that were edited, and back"
sed -i 's/^# Both roles/# MINE: both roles/' "$target/etc/trafficflow/single.conf"
inside chmod 0750 /var/lib/trafficflow
inside dpkg --force-confnew -i /root/two.deb >"$scratch/apt.log" 2>&1 || fail "FAILED: upgrade: $(tail -n 15 "$scratch/apt.log")"
expect "of the next version" "$target/etc/trafficflow/single.conf"
[[ -f $target/var/backups/trafficflow/settings-$version.tar.gz ]] || fail "FAILED: the settings of $version were not kept"
[[ $(inside stat -c %a /var/lib/trafficflow) == 750 ]] || fail "FAILED: the upgrade took back rights that somebody gave"
[[ $(inside stat -c '%a %U %G' /etc/trafficflow/single.conf) == '640 root trafficflow' ]] || fail "FAILED: rights of the settings after the upgrade"
inside dpkg --force-confold -i /root/one.deb >"$scratch/apt.log" 2>&1 || fail "FAILED: downgrade: $(tail -n 15 "$scratch/apt.log")"
expect "the settings of $version are back" "$scratch/apt.log"
expect "MINE: both roles" "$target/etc/trafficflow/single.conf"
as_node trafficflow run --check --config /etc/trafficflow/single.conf >&2

step "remove: settings and counts stay"
inside dpkg --remove trafficflow >"$scratch/apt.log" 2>&1
[[ -f $target/etc/trafficflow/single.conf && -f $target/var/lib/trafficflow/journal.db ]] || fail "FAILED: remove took settings or counts"
[[ ! -e $target/usr/lib/trafficflow && ! -e $target/usr/bin/trafficflow ]] || fail "FAILED: the program is still there"

step "purge: counts stay, and that is said"
inside dpkg --purge trafficflow >"$scratch/apt.log" 2>&1
expect "counts stay in /var/lib/trafficflow" "$scratch/apt.log"
[[ ! -e $target/var/backups/trafficflow ]] || fail "FAILED: purge left settings of former versions"
[[ -f $target/var/lib/trafficflow/journal.db && ! -e $target/etc/trafficflow ]] || fail "FAILED: purge left settings, or took counts"
rm -r -- "$target/var/lib/trafficflow"
inside userdel trafficflow
inside apt-get purge -q -y --auto-remove >/dev/null 2>&1
left=$( (cd "$target" && find etc usr var -xdev ! -path 'var/cache/*' ! -path 'var/lib/apt/*' ! -path 'var/lib/dpkg/*' ! -path 'var/log/*' | sort) | comm -13 "$scratch/before" - | grep -i trafficflow || true)
[[ -z $left ]] || fail "FAILED: left behind: $left"
say "The package of $version is fine: installed, run, killed, backed up, restored$unit_tried, upgraded and back, removed, purged"

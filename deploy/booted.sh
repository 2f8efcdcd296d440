# Boots the systemd of a Debian root in namespaces of its own, so that units are tried as they will run. Sourced by test-package.sh; as root only.
# This machine needs no systemd: cgroups of either version are handed in.

booted=''       # the process that is PID 1 in there
boot_process='' # its parent here
booted_group=trafficflow-test.$$

in_namespaces='
root=$1
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
case $(stat -fc %T /sys/fs/cgroup) in
cgroup2fs) mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup" ;;
*)
  mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
  mkdir "$root/sys/fs/cgroup/systemd"
  mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
  for group in cpu memory pids devices; do
    mkdir "$root/sys/fs/cgroup/$group"
    mount -t cgroup -o "$group" cgroup "$root/sys/fs/cgroup/$group"
  done
  ;;
esac
hostname trafficflow-test
# No chroot: the kernel makes no user namespace in one, and units ask for it.
cd "$root"
pivot_root . mnt
umount -l mnt
exec env -i container=chroot PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=journal --show-status=0
'

# Where this machine's hierarchies lie: one of version 2, or several of version 1.
cgroups() {
  if [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; then echo /sys/fs/cgroup; else find /sys/fs/cgroup -mindepth 1 -maxdepth 1 -type d; fi
}

# boot ROOT: false where this machine lets no systemd run
boot() {
  local root=$1 n state
  # A cgroup of its own in each hierarchy, so that what runs here is left alone.
  (
    while read -r group; do
      # A cpuset takes no process before it has processors: left out.
      mkdir -p -- "$group/$booted_group" && echo "$BASHPID" >"$group/$booted_group/cgroup.procs" 2>/dev/null || true
    done < <(cgroups)
    exec unshare --pid --fork --mount --uts --ipc --cgroup --kill-child bash -euc "$in_namespaces" boot "$root"
  ) >"$root.boot.log" 2>&1 &
  boot_process=$!
  for ((n = 0; n < 120; n++)); do
    booted=$(pgrep -P "$boot_process" 2>/dev/null | head -n 1) || true
    state=$([[ -z $booted ]] || in_booted systemctl is-system-running 2>/dev/null) || true
    [[ $state != running && $state != degraded ]] || return 0
    kill -0 "$boot_process" 2>/dev/null || break
    sleep 1
  done
  shut_down
  return 1
}

in_booted() {
  nsenter -t "$booted" --pid --mount --uts --ipc --root --wd \
    /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C TERM=dumb SYSTEMD_PAGER= DEBIAN_FRONTEND=noninteractive "$@"
}

shut_down() {
  local n
  [[ -z $booted ]] || kill -9 "$booted" 2>/dev/null || true
  [[ -z $boot_process ]] || wait "$boot_process" 2>/dev/null || true
  booted='' boot_process=''
  # Its cgroups, the innermost first: they can go when all processes in them have.
  for ((n = 0; n < 50; n++)); do
    cgroups | while read -r group; do find "$group/$booted_group" -depth -type d -exec rmdir {} + 2>/dev/null; done || true
    [[ -n $(cgroups | while read -r group; do find "$group/$booted_group" -maxdepth 0 2>/dev/null; done) ]] || break
    sleep 0.2
  done
}

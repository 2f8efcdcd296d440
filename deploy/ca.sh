#!/usr/bin/env bash
# Our own small certificate authority for the link between nodes: elliptic-curve keys, and a list (pins.txt) of the certificates that may
# join. What a refused node means and what to do: deploy/CERTIFICATES.md. Needs openssl.
set -euo pipefail
umask 077

usage() {
  cat <<'TEXT'
ca.sh makes the certificates of a TrafficFlow cluster.

  ca.sh init DIR                      a new authority in DIR; its key, ca.key, stays on this machine
  ca.sh node DIR NAME HOST[,HOST...] --role ROLE [--site SITE[,SITE...]] [--camera CAM[,CAM...]]
                                      a key and a certificate for a node that is reached by these names and addresses; it may join
  ca.sh renew DIR NAME                a new key and certificate for the same hosts, role, sites and cameras; the old certificate may
                                      no longer join. One that was made before certificates had roles needs --role (and --site)
  ca.sh revoke DIR NAME               the certificate may no longer join
  ca.sh list DIR                      all nodes: may they join, until when, which hosts

DIR/nodes/NAME then holds all that the node needs: ca.crt, node.crt, node.key, pins.txt. Copy it to the node, and after each
renew or revoke copy pins.txt to every node: a running node reads it again by itself.

  --role ROLE          what the node may be and may send: server (also with cameras of its own), roadside, or subscriber (`watch`)
  --site SITE[,…]      of a roadside node: the only sites that it may speak for
  --camera CAM[,…]     of a roadside node: the only cameras that it may speak for; all of its sites without it. Name them where
                       several nodes stand at one site, so that none can speak for the others
  --days N             how long a certificate is valid: 825 days for a node, 3650 for the authority
  --not-after TIME     instead of --days: any time that `date -d` understands, such as '2027-01-31' or '30 seconds'
  --not-before TIME    from when; else a day before now, because clocks are set

Exit codes: 0 done, 1 failed, 2 wrong command line. Each command may be run twice.
TEXT
}

fail() {
  printf 'ca.sh: %s\n' "$*" >&2
  exit 1
}

misused() {
  printf 'ca.sh: %s\nTry: ca.sh --help\n' "$*" >&2
  exit 2
}

say() { printf '%s\n' "$*"; }

days='' not_after='' not_before='' role='' sites='' cameras=''
words=()
while (($#)); do
  case $1 in
  -h | --help)
    usage
    exit 0
    ;;
  --days | --not-after | --not-before | --role | --site | --camera)
    (($# > 1)) || misused "$1 needs a value"
    case $1 in
    --days) days=$2 ;;
    --not-after) not_after=$2 ;;
    --not-before) not_before=$2 ;;
    --role) role=$2 ;;
    --site) sites=$2 ;;
    --camera) cameras=$2 ;;
    esac
    shift 2
    ;;
  --*) misused "there is no option $1" ;;
  *)
    words+=("$1")
    shift
    ;;
  esac
done

((${#words[@]})) || misused "say what to do: init, node, renew, revoke or list"
command=${words[0]}
expected() { ((${#words[@]} == $1)) || misused "write: ca.sh $2"; }
case $command in
init) expected 2 "init DIR" ;;
node) expected 4 "node DIR NAME HOST[,HOST...] --role ROLE" ;;
renew) expected 3 "renew DIR NAME" ;;
revoke) expected 3 "revoke DIR NAME" ;;
list) expected 2 "list DIR" ;;
*) misused "there is no command $command: init, node, renew, revoke or list" ;;
esac
[[ -z $days || $days =~ ^-?[0-9]{1,5}$ ]] || misused "--days $days: write a whole number of days"
[[ -z $role$sites$cameras || $command == node || $command == renew ]] || misused "--role, --site and --camera are for node and renew"
[[ -z $role || $role =~ ^(server|roadside|subscriber)$ ]] || misused "--role $role: write server, roadside or subscriber"
for names in "$sites" "$cameras"; do
  [[ -z $names || $names =~ ^[a-z0-9][a-z0-9_-]*(,[a-z0-9][a-z0-9_-]*)*$ ]] || misused "$names: write names as in the site file, NAME[,NAME...]"
done
[[ -z $days || -z $not_after ]] || misused "say either --days or --not-after"

command -v openssl >/dev/null || fail "openssl is missing: apt-get install openssl"
dir=${words[1]}
name=${words[2]:-}
hosts=${words[3]:-}
[[ -z $name || $name =~ ^[a-z0-9][a-z0-9._-]{0,62}$ ]] || misused "$name is no name: use a-z, 0-9, dot, _ and -"
folder=$dir/nodes/$name

require_authority() {
  [[ -f $dir/ca.key && -f $dir/ca.crt ]] || fail "there is no authority in $dir: make it with 'ca.sh init $dir'"
}

# One command at a time: two would write the same list.
lock() {
  exec 9>"$dir/.lock"
  flock -w 30 9 || fail "another ca.sh is at work in $dir"
}

scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

openssl_quiet() {
  openssl "$@" 2>"$scratch/openssl.log" || fail "openssl $1 failed: $(tail -n 3 "$scratch/openssl.log")"
}

seconds() { date -u -d "$1" +%s 2>/dev/null || misused "\"$1\" is no time: see date -d"; }
stamp() { date -u -d "@$1" +%Y%m%d%H%M%SZ; }

# sets start and end for a validity of $1 days, or what the options say
validity() {
  local now
  now=$(date -u +%s)
  if [[ -n $not_after ]]; then end=$(seconds "$not_after"); else end=$((now + ${days:-$1} * 86400)); fi
  if [[ -n $not_before ]]; then
    start=$(seconds "$not_before")
  else
    start=$((now - 86400))
    # An expired certificate was valid for a day.
    if ((end <= start)); then start=$((end - 86400)); fi
  fi
  ((start < end)) || misused "the certificate would end before it begins"
}

subject_alternatives() {
  local host list=() entry
  [[ $1 != *$'\n'* ]] || misused "what holds a line break is no host: write HOST[,HOST...]"
  IFS=, read -ra list <<<"$1"
  ((${#list[@]})) || misused "name at least one host"
  entry=''
  for host in "${list[@]}"; do
    if [[ $host =~ ^[0-9.]+$ || $host =~ ^[0-9A-Fa-f]*:[0-9A-Fa-f:.]+$ ]]; then
      entry+=",IP:$host"
    elif [[ $host =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]]; then
      entry+=",DNS:$host"
    else
      misused "\"$host\" is no host: write a name or an address, without port"
    fi
  done
  printf '%s' "${entry#,}"
}

# sign KEY SUBJECT EXTENSIONS OUT [openssl ca options]: x509 -req cannot set the first day in OpenSSL 3.0, ca can
sign() {
  local key=$1 subject=$2 extensions=$3 out=$4
  shift 4
  : >"$scratch/index.txt"
  cat >"$scratch/ca.cnf" <<TEXT
[ca]
default_ca = own
[own]
database = $scratch/index.txt
new_certs_dir = $scratch
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[extensions]
$extensions
TEXT
  openssl_quiet req -new -key "$key" -subj "$subject" -out "$scratch/request.pem" -config /dev/null
  openssl_quiet ca -batch -notext -config "$scratch/ca.cnf" -extensions extensions -startdate "$(stamp "$start")" \
    -enddate "$(stamp "$end")" -in "$scratch/request.pem" -out "$out" "$@"
}

new_key() { openssl_quiet genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

fingerprint() { openssl x509 -in "$1" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g'; }

# What the node may be and speak for, as one line "ROLE SITES CAMERAS"; - for none.
authority_of() { [[ -f $(dirname "$1")/authority ]] && cat "$(dirname "$1")/authority"; }

# The same as the certificate carries it: trafficflow://ROLE/NAME?site=SITE&camera=CAMERA
identity() {
  local uri="trafficflow://$role/$name" separator='?' one
  for one in ${sites//,/ }; do
    uri+="${separator}site=$one"
    separator='&'
  done
  for one in ${cameras//,/ }; do
    uri+="${separator}camera=$one"
    separator='&'
  done
  printf '%s' "$uri"
}

require_role() {
  [[ -n $role ]] || misused "say what $name may be: --role server, --role roadside --site SITE, or --role subscriber"
  if [[ $role == roadside ]]; then
    [[ -n $sites ]] || misused "say for which sites $name speaks: --site SITE[,SITE...], as in its site files"
  else
    [[ -z $sites$cameras ]] || misused "--site and --camera are for --role roadside: a $role has all sites"
  fi
}

# The hosts as node was given them; a certificate writes an IPv6 address in another way.
hosts_of() { cat "$(dirname "$1")/hosts"; }

is_pinned() { grep -q "^$(fingerprint "$1") " "$dir/pins.txt"; }

# set_pin NAME [FINGERPRINT]: the line of a node, or none; then the copies beside the nodes' certificates
set_pin() {
  {
    awk -v name="$1" '/^#/ || $2 != name' "$dir/pins.txt"
    if [[ -n ${2:-} ]]; then printf '%s %s\n' "$2" "$1"; fi
  } >"$scratch/pins.txt"
  put "$scratch/pins.txt" "$dir/pins.txt" 0644
  local node
  for node in "$dir"/nodes/*/; do
    [[ ! -d $node ]] || put "$dir/pins.txt" "${node}pins.txt" 0644
  done
}

# A reader sees the old file or the new one, never half of it.
put() {
  install -m "$3" "$1" "$2.new"
  mv -f "$2.new" "$2"
}

issue() {
  local alternatives
  alternatives=$(subject_alternatives "$1")
  alternatives+=",URI:$(identity)"
  validity 825
  new_key "$scratch/node.key"
  sign "$scratch/node.key" "/CN=$name" "basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $alternatives" "$scratch/node.crt" -cert "$dir/ca.crt" -keyfile "$dir/ca.key"
  mkdir -p "$folder"
  printf '%s\n' "$1" >"$scratch/hosts"
  put "$scratch/hosts" "$folder/hosts" 0644
  printf '%s %s %s\n' "$role" "${sites:--}" "${cameras:--}" >"$scratch/authority"
  put "$scratch/authority" "$folder/authority" 0644
  put "$dir/ca.crt" "$folder/ca.crt" 0644
  put "$scratch/node.key" "$folder/node.key" 0600
  put "$scratch/node.crt" "$folder/node.crt" 0644
  set_pin "$name" "$(fingerprint "$folder/node.crt")"
  say "$folder/node.crt: $name, $role${sites:+ of $sites}${cameras:+ ($cameras)}, for $1, until $(date -u -d "@$end" '+%Y-%m-%d %H:%M:%S UTC'), may join"
}

case $command in
init)
  if [[ -f $dir/ca.key && -f $dir/ca.crt ]]; then
    say "$dir holds an authority already; nothing was changed"
    exit 0
  fi
  mkdir -p "$dir/nodes" || fail "$dir cannot be made"
  lock
  validity 3650
  new_key "$scratch/ca.key"
  # The name tells two authorities apart in a log.
  sign "$scratch/ca.key" "/CN=TrafficFlow CA $(openssl rand -hex 4)" "basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash" "$scratch/ca.crt" -selfsign -keyfile "$scratch/ca.key"
  printf '# The certificates that may join: SHA-256 and name. ca.sh writes it; copy it to every node after each change.\n' >"$scratch/pins.txt"
  put "$scratch/pins.txt" "$dir/pins.txt" 0644
  put "$scratch/ca.crt" "$dir/ca.crt" 0644
  put "$scratch/ca.key" "$dir/ca.key" 0600
  say "$dir: a new authority, until $(date -u -d "@$end" +%Y-%m-%d). Keep ca.key off the nodes, and a copy of it in a safe place."
  ;;
node)
  require_role
  require_authority
  lock
  if [[ -f $folder/node.crt ]] && is_pinned "$folder/node.crt"; then
    subject_alternatives "$hosts" >/dev/null
    wanted=$(tr , '\n' <<<"$hosts" | sort -u)
    if [[ $(authority_of "$folder/node.crt") != "$role ${sites:--} ${cameras:--}" ]]; then
      fail "$name is a certificate for $(authority_of "$folder/node.crt" || printf 'no role'): 'ca.sh renew $dir $name --role $role' changes it"
    fi
    if [[ $(hosts_of "$folder/node.crt" | tr , '\n' | sort -u) == "$wanted" ]]; then
      say "$folder/node.crt is there already, for the same hosts; nothing was changed. A new one: ca.sh renew $dir $name"
      exit 0
    fi
    fail "$name has a certificate for $(hosts_of "$folder/node.crt"): revoke it first, then make one for $hosts"
  fi
  issue "$hosts"
  ;;
renew)
  require_authority
  lock
  [[ -f $folder/node.crt ]] || fail "there is no node $name in $dir: make it with 'ca.sh node', or see 'ca.sh list $dir'"
  is_pinned "$folder/node.crt" || fail "$name was revoked: 'ca.sh node' makes it anew, if that is what you want"
  if [[ -z $role ]]; then
    [[ -z $sites$cameras ]] || misused "say --role too"
    read -r role sites cameras < <(authority_of "$folder/node.crt") ||
      fail "$name was made before certificates had roles: 'ca.sh renew $dir $name --role ROLE', for a roadside node with --site SITE"
    if [[ $sites == - ]]; then sites=''; fi
    if [[ $cameras == - ]]; then cameras=''; fi
  fi
  require_role
  issue "$(hosts_of "$folder/node.crt")"
  ;;
revoke)
  require_authority
  lock
  [[ -f $folder/node.crt ]] || fail "there is no node $name in $dir: see 'ca.sh list $dir'"
  if ! is_pinned "$folder/node.crt"; then
    say "$name was revoked already; nothing was changed"
    exit 0
  fi
  set_pin "$name"
  say "$name may no longer join. Copy $dir/pins.txt to every node: those that run cut it off within seconds."
  ;;
list)
  require_authority
  found=0
  for certificate in "$dir"/nodes/*/node.crt; do
    [[ -f $certificate ]] || continue
    found=1
    state='may join'
    openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null || state='expired'
    is_pinned "$certificate" || state='revoked'
    printf '%-20s %-9s %-28s until %s  %s  %s\n' "$(basename "$(dirname "$certificate")")" "$state" "$(authority_of "$certificate" || printf 'no role: renew')" \
      "$(date -u -d "$(openssl x509 -in "$certificate" -noout -enddate | sed 's/.*=//')" '+%Y-%m-%d')" "$(hosts_of "$certificate")" \
      "$(fingerprint "$certificate")"
  done
  ((found)) || say "no node yet: ca.sh node $dir NAME HOST"
  ;;
esac

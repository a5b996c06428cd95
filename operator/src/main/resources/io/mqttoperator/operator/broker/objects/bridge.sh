#!/bin/sh
# PID 1 of the bridge container: joins the pod's broker to the hub's with a Mosquitto of its own, which has no listener
# on the network and is never sent SIGHUP (a bridge that is reloaded drops its queue at its next disconnect).
# POSIX sh: dash (Debian) and busybox ash (Alpine).
#
#   /mosquitto/bridge-source  the projected volume: bridge.conf, join, internal-ca.crt, bridge-<ordinal>.crt and .key
#   /mosquitto/run            memory: current/ (its files), connected (while both connections stand)
#   /mosquitto/data/bridge    on the pod's volume: its database, joined
#
# Mosquitto's bridge subscribes anew at each reconnect, and so is sent every retained message again: what was published
# meanwhile would be overwritten by what was retained before (measured). So it subscribes only while it joins. The two
# brokers keep the subscriptions in its sessions. Once they have saved them, it runs without subscribing. It joins
# again when the file join names another star, or joined is gone: when a broker may have lost its sessions.
set -u
umask 077
LC_ALL=C # [0-9] is ASCII
export LC_ALL

# First of all: until PID 1 has a trap, the kernel drops SIGTERM.
trap 'exit 143' TERM INT

source=/mosquitto/bridge-source
run=/mosquitto/run
data=/mosquitto/data/bridge

tick=1          # seconds
signal_tick=0.1 # seconds between two signals to a Mosquitto that shall end

bridge=         # the process
mode=           # both: it subscribes; out: its sessions have the subscriptions
said=           # the last problem that was reported

say() {
  printf 'bridge: %s\n' "$1" >&2
}

# The same problem comes again with each try; the log needs it once.
say_once() {
  [ "$1" = "$said" ] || say "$1"
  said=$1
}

# In the background, so that a trap need not wait for it.
pause() {
  sleep "$1" &
  wait "$!"
}

# --- Its files -------------------------------------------------------------------------------------------------------

# Copies the volume's files to $run/next. A projected volume is exchanged as a whole, by one rename of ..data: through
# what that links to, all files are of one moment.
fetch() {
  rm -rf "$run/next"
  volume=$source/$(readlink "$source/..data") && mkdir "$run/next" || return
  cp "$volume/bridge.conf" "$volume/internal-ca.crt" "$volume/join" "$run/next" 2>/dev/null &&
    cp "$volume/bridge-$ordinal.crt" "$run/next/bridge.crt" 2>/dev/null &&
    cp "$volume/bridge-$ordinal.key" "$run/next/bridge.key" 2>/dev/null
}

# Sets volume_seen to what ..data links to, and files_seen to a checksum of what this bridge needs of it.
files_changed() {
  now=$(readlink "$source/..data")
  [ "$now" != "$volume_seen" ] || return 1
  volume_seen=$now
  fetch || return 1
  sum=$(cat "$run"/next/* | sha256sum)
  [ "$sum" != "$files_seen" ]
}

await_files() {
  until volume_seen=$(readlink "$source/..data") && fetch; do
    say_once "$source does not hold bridge.conf, join, internal-ca.crt, bridge-$ordinal.crt and bridge-$ordinal.key yet"
    pause "$tick"
  done
}

# Puts the fetched files in place and fills in the configuration; Mosquitto is not running.
place() {
  rm -rf "$run/current" && mv "$run/next" "$run/current" && mkdir -p "$data" || return
  files_seen=$(cat "$run"/current/* | sha256sum)
  star='' settle=''
  { read -r star settle <"$run/current/join"; } 2>/dev/null
  case $settle in '' | *[!0-9]* | ????????*) settle=600 ;; esac
  joined=
  { read -r joined <"$data/joined"; } 2>/dev/null
  mode=both
  [ "$joined" != "$star" ] || mode=out
  # A bridge is above the ACL, but the source of a retained message is not: so Mosquitto does not send its own copies
  # of retained messages at each reconnect either (retain.c: check_retain_source).
  printf 'user nobody\n' >"$run/current/acl" &&
    sed "s|@DIRECTORY@|$run/current|g; s|@ORDINAL@|$ordinal|g; s|@DIRECTION@|$mode|g" \
      "$run/current/bridge.conf" >"$run/current/mosquitto.conf"
}

# --- Mosquitto -------------------------------------------------------------------------------------------------------

start() {
  rm -f "$run/connected" "$run/socket"
  connected_for=0
  mosquitto -c "$run/current/mosquitto.conf" &
  bridge=$!
}

lives() {
  kill -0 "$bridge" 2>/dev/null
}

# SIGTERM saves its queues. It is sent again until it is heard: 2.1.2 sets its run flag just after it has installed the
# handlers, so that a signal in between is lost.
end() {
  [ -n "$bridge" ] || return 0
  while lives; do
    kill -TERM "$bridge" 2>/dev/null
    sleep "$signal_tick"
  done
  wait "$bridge"
}

# shellcheck disable=SC2317 # it is the trap
stop() {
  trap '' TERM INT
  end
  exit "$?"
}

# Whether both connections stand: two of its sockets are established (01) to port 8884 (22B4).
is_connected() {
  sockets=$(ls -l "/proc/$bridge/fd" 2>/dev/null)
  established=0
  while read -r _ _ remote state _ _ _ _ _ inode _; do
    case $remote,$state in
      *:22B4,01) case $sockets in *"socket:[$inode]"*) established=$((established + 1)) ;; esac ;;
    esac
  done <<ADDRESSES
$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
ADDRESSES
  [ "$established" -eq 2 ]
}

# One tick of a running bridge.
follow() {
  if is_connected; then
    [ -e "$run/connected" ] || printf '' >"$run/connected"
    connected_for=$((connected_for + 1))
  else
    rm -f "$run/connected"
    connected_for=0
  fi
  if files_changed; then
    restart "its files have changed"
  elif [ "$mode" = both ] && [ "$connected_for" -gt "$settle" ]; then
    # Both brokers have saved the subscriptions by now.
    printf '%s\n' "$star" >"$data/joined.new" && mv "$data/joined.new" "$data/joined" && sync
    fetch && restart "it has joined"
  elif [ "$mode" = out ] && [ ! -e "$data/joined" ]; then
    fetch && restart "$data/joined is gone, so it joins again"
  fi
}

restart() {
  say "$1: restarting Mosquitto"
  end
  place && start
}

read -r host </proc/sys/kernel/hostname
ordinal=${host##*-}
case $ordinal in '' | *[!0-9]*)
  say "the host name '$host' does not end with a hyphen and a number: this is no pod of a StatefulSet"
  exit 1
  ;;
esac

# The hub is where the others connect to. (A sleep without end is not in POSIX.)
while [ "$ordinal" -eq 0 ]; do pause 86400; done

volume_seen='' files_seen=''
rm -rf "${run:?}"/*
await_files
place || exit
trap stop TERM INT
start
while pause "$tick"; do
  if lives; then
    follow
  else
    wait "$bridge"
    say "Mosquitto has ended with status $?: starting it again"
    start
  fi
done

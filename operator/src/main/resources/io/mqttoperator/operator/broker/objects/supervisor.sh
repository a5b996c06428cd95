#!/bin/sh
# PID 1 of a broker pod: gives Mosquitto the newest complete revision of its files, at its start and while it runs.
# POSIX sh: dash (Debian) and busybox ash (Alpine).
#
#   /mosquitto/source       the projected volume: revision, manifest and the files that the manifest lists
#                           revision: the name of the newest, and below it "<ordinal> <start digest>" for each pod that
#                           goes on with an earlier configuration until its turn comes
#   /mosquitto/run          memory: <revision>/ (a revision, checked and put together), mosquitto.conf, ready
#   /mosquitto/data         the volume: mosquitto.db, and mosquitto.db.unreadable-<UTC time>, which nothing removes;
#                           mosquitto.db.before-start, until Mosquitto is up
#
# A revision is the SHA-256 of the file manifest, which holds the SHA-256 of every other file: so nothing is taken
# while the kubelet has refreshed only some of the Secrets. Files are copied because those of a projected volume are
# symbolic links, which Mosquitto 2.1 refuses. The only switch is the rename of mosquitto.conf, whose paths lead into
# the revision's own folder: whatever Mosquitto reads, and whenever, it never mixes two revisions.
#
# A reload takes only a part of mosquitto.conf. The start digest in it names the rest: where that is another, Mosquitto
# is ended and started anew with it, in this container.
set -u
umask 077
LC_ALL=C # [a-z] is ASCII
export LC_ALL

# First of all: until PID 1 has a trap, the kernel drops SIGTERM. A trap never returns here: in busybox ash (1.38) a
# read that meets the end of its file after a trap spins for ever. And it waits for the command in the foreground: so
# none takes long.
trap 'exit 143' TERM INT

source=/mosquitto/source
run=/mosquitto/run
incoming=$run/incoming
database=/mosquitto/data/mosquitto.db
before_start=$database.before-start
trial=/mosquitto/data/trial

tick=0.1             # seconds; each costs a fork of sleep, about 1 ms
short_tick=0.02      # seconds; while clients wait for Mosquitto to end and to start anew
end_patience=1500    # short ticks until Mosquitto that is to start anew is killed; as long as a pod has to end
longest_pause=10     # ticks between two tries to take a revision
signal_patience=100  # ticks until SIGHUP is sent again
trial_patience=60    # seconds for Mosquitto to load the database once
set_aside=65         # exit status (EX_DATAERR): the operator warns of the database by it

running=             # the revision that mosquitto.conf names
started=             # the start digest of its configuration
placed=              # the words of the file revision that named both
problem=             # why take or requirements_met failed
said=                # the last problem that was reported

say() {
  printf 'supervisor: %s\n' "$1" >&2
}

# The same problem comes again with each try; the log needs it once.
say_once() {
  [ "$1" = "$said" ] || say "$1"
  said=$1
}

# Ends with a sentence and a status, 1 if none is given. What PID 1 says here becomes the container's termination
# message, which the operator shows as BrokerFailed.
give_up() {
  say "$1"
  { printf '%s\n' "$1" >/dev/termination-log; } 2>/dev/null
  exit "${2:-1}"
}

pause() {
  sleep "$tick"
}

# --- Taking a revision -----------------------------------------------------------------------------------------------

# Sets newest to the revision that the volume names now, and assigned to the start digest of the configuration that this
# pod is to have, nothing for the newest one. Of one file, so they belong together. Without a fork.
read_newest() {
  newest='' assigned=''
  {
    {
      read -r newest
      while read -r number digest; do
        [ "$number" != "$ordinal" ] || assigned=$digest
      done
    } <"$source/revision"
  } 2>/dev/null
}

# The digits of a hexadecimal SHA-256.
is_sha256() {
  is_hex "$1" && [ "${#1}" -eq 64 ]
}

is_hex() {
  case $1 in '' | *[!0-9a-f]*) return 1 ;; esac
}

# Copies files to $incoming; what cp says (a file that is not there, a full disk) tells why not.
copy() {
  error=$(cp "$@" "$incoming" 2>&1) && return
  problem="$problem ($error)"
  return 1
}

# Copies revision $1 to $incoming, checks it and puts its files together, with the configuration of start digest $2, or
# the newest where that is not there. Sets start to the digest of the one that it is.
# Fails with 1 if it is not complete yet, with 2 if it can never be taken.
take() {
  problem="$source does not hold it whole yet"
  is_sha256 "$1" || return 1
  rm -rf "$incoming"
  mkdir "$incoming" || return 1
  copy "$source/manifest" || return 1
  printf '%s  %s\n' "$1" "$incoming/manifest" | sha256sum -c >/dev/null 2>&1 || return 1
  copy_listed || return
  (cd "$incoming" && sha256sum -c manifest >/dev/null 2>&1) || return 1
  choose "$2" && requirements_met || return 2
  assemble "$1" && return
  problem="it cannot be written to $run"
  return 1
}

# Makes configuration $1 of $incoming its mosquitto.conf, if it is there.
choose() {
  if is_hex "$1" && [ -f "$incoming/mosquitto.conf-$1" ]; then
    error=$(cd "$incoming" && mv "mosquitto.conf-$1" mosquitto.conf && mv "requirements-$1" requirements 2>&1) || {
      problem="it has no requirements of configuration $1 ($error)"
      return 1
    }
  fi
  start=
  while read -r hash word digest; do
    [ "$hash $word" != '# start' ] || { start=$digest && break; }
  done <"$incoming/mosquitto.conf"
  is_hex "$start" || start=
}

# Copies the files that the manifest lists. Its lines are data: a name that could lead out of the folder, or that a
# shell or another tool could read as something else, is refused.
copy_listed() {
  password_shards='' key_shards='' acl_shards=''
  set --
  while IFS= read -r line || [ -n "$line" ]; do
    name=${line#*  }
    is_sha256 "${line%%  *}" || name=
    case $name in
      '' | .* | -* | *[!a-z0-9.-]*)
        problem='the manifest has a line that is not a SHA-256, two spaces and a file name of a-z, 0-9, dot and hyphen'
        return 2
        ;;
      password-head | acl-head) ;;
      password-*) password_shards="$password_shards $name" ;;
      psk-*) key_shards="$key_shards $name" ;;
      acl-*) acl_shards="$acl_shards $name" ;;
    esac
    set -- "$@" "$source/$name"
  done <"$incoming/manifest"
  copy "$@" || return 1
  for name in mosquitto.conf password-head acl-head requirements; do
    [ -f "$incoming/$name" ] || {
      problem="the manifest does not list $name"
      return 2
    }
  done
}

# Puts the access files together and fills in what names the revision and the configuration. The added log file is how Mosquitto tells that
# it has loaded the revision: see follow.
assemble() {
  # Only the operator's own lines: a topic of an anonymous client may hold @REVISION@ too.
  # Unquoted lists: copy_listed lets no other character into a name than a-z, 0-9, dot and hyphen.
  # shellcheck disable=SC2086
  (
    cd "$incoming" || exit
    cat password-head $password_shards >passwords &&
      cat /dev/null $key_shards >psk &&
      sed "s|^\\(topic write [\$]mqtt-operator/revision/\\)@REVISION@\$|\\1$1|
        s|^\\(topic write [\$]mqtt-operator/start/\\)@START@\$|\\1$start|" acl-head >acl &&
      cat /dev/null $acl_shards >>acl &&
      sed "s|@DIRECTORY@|$run/$1|g" mosquitto.conf >mosquitto.conf.ready &&
      printf '\nlog_dest file %s\n' "$run/$1/_loaded" >>mosquitto.conf.ready
  )
}

# Makes revision $newest, which was taken, the one that Mosquitto reads from now on: the second rename is the switch.
place() {
  rm -rf "${run:?}/$newest" && mv "$incoming" "$run/$newest" &&
    mv "$run/$newest/mosquitto.conf.ready" "$run/mosquitto.conf" &&
    running=$newest started=$start placed="$newest $assigned"
}

# Whether this container can hold what the configured connections need.
requirements_met() {
  while read -r what needed || [ -n "$what" ]; do
    case $needed in '' | *[!0-9]* | ???????????????????*) what= ;; esac
    case $what in
      file_descriptors) unit='file descriptors' limit=$open_files ;;
      memory_bytes) unit='bytes of memory' && read_memory_limit ;;
      *)
        problem='requirements has a line that is not file_descriptors or memory_bytes with a number'
        return 1
        ;;
    esac
    case $limit in '' | *[!0-9]*) continue ;; esac # unlimited, max
    [ "$needed" -le "$limit" ] || {
      problem="the configured connections need $needed $unit, the limit is $limit"
      return 1
    }
  done <"$incoming/requirements"
}

# Sets limit to the container's memory limit: cgroup v2, else v1, else none.
read_memory_limit() {
  limit=
  { read -r limit </sys/fs/cgroup/memory.max || read -r limit </sys/fs/cgroup/memory/memory.limit_in_bytes; } 2>/dev/null
}

# --- The database ----------------------------------------------------------------------------------------------------

# A database that cannot be read whole is set aside, and the next container starts without it.
#
# Mosquitto 2.1.2 does not start where it notices damage as it reads, and at that same start has already replaced the
# file by what it could read. Other damage it skips with a warning, and a file that it may not open it passes over
# silently: both are replaced at the next save. What it could read is no help: a session that has lost its
# subscriptions is resumed, and its client is never told to subscribe again.
check_database() {
  say_what_is_aside
  [ -e "$database" ] || [ -L "$database" ] || return 0
  # As Mosquitto opens it: no symbolic link, and never empty when it has written it.
  { [ -f "$database" ] && [ ! -L "$database" ] && [ -r "$database" ] && [ -s "$database" ]; } ||
    put_aside 'it is not a file with content that Mosquitto may read'
  try_database
  [ -z "$complaint" ] || put_aside "$complaint"
}

# Sets complaint to what Mosquitto says of a database that it cannot read whole. A Mosquitto of its own loads a hard
# link of it, in a folder that it cannot write to, and ends there: the access file that it reads next does not exist.
try_database() {
  complaint=
  [ ! -e "$trial" ] || { chmod 700 "$trial" && rm -rf "$trial"; }
  # Not every file system has hard links, and the kernel allows none of another's file.
  { mkdir "$trial" && { ln "$database" "$trial" || cp "$database" "$trial"; } && chmod 500 "$trial"; } 2>/dev/null || {
    say "$database cannot be tried before the start: the volume takes neither a link nor a copy of it"
    [ ! -e "$trial" ] || rm -rf "$trial"
    return
  }
  printf '%s\n' 'log_dest stderr' 'log_type error' 'log_type warning' "listener 0 $run/trial.socket" 'persistence true' \
    "persistence_location $trial/" "acl_file $run/absent" >"$run/trial.conf"
  # In the background: a trap waits for what is in the foreground. Through a pipe: there may be a line for each byte.
  {
    timeout "$trial_patience" mosquitto -c "$run/trial.conf"
    printf 'trial: ended with status %s\n' "$?"
  } 2>&1 | grep -m 1 -E "$damage" >"$run/trial" &
  wait "$!"
  { IFS= read -r complaint <"$run/trial"; } 2>/dev/null
  complaint=${complaint#*: } complaint=${complaint#Error: }
  chmod 700 "$trial" && rm -rf "$trial" "$run/trial" "$run/trial.conf"
}

# What Mosquitto says of it; the last is an end by SIGABRT, SIGBUS, SIGFPE or SIGSEGV.
damage="Unable to restore persistent database|Couldn't open database|Unsupported chunk|ended with status 13[4569]\$"

put_aside() {
  aside=$database.unreadable-$(date -u +%Y%m%dT%H%M%SZ)
  while [ -e "$aside" ]; do aside=$aside-again; done
  error=$(mv "$database" "$aside" 2>&1) ||
    give_up "mosquitto.db cannot be read ($1), and cannot be set aside ($error)"
  # The bridge's session went with it: so it must subscribe anew.
  rm -f "${database%/*}/bridge/joined"
  give_up "mosquitto.db cannot be read ($1). It is kept on the volume as ${aside##*/}, and the broker starts without \
it: sessions, queued and retained messages are not there." "$set_aside"
}

say_what_is_aside() {
  for aside in "$database".unreadable-*; do
    [ ! -e "$aside" ] || say "the volume holds $aside, which could not be read; remove it when you do not need it"
  done
}

# --- Mosquitto -------------------------------------------------------------------------------------------------------

# A start takes the newest complete revision, whatever an earlier container left in $run.
start() {
  rm -rf "${run:?}"/*
  until read_newest; take "$newest" "$assigned" && place; do
    case $? in 2) give_up "$problem" ;; esac
    say_once "revision '$newest' is not taken: $problem"
    pause
  done
  check_database
  broker=
  trap stop TERM INT
  launch
}

launch() {
  # A link costs nothing: Mosquitto saves to another file and renames it.
  rm -f "$before_start"
  [ ! -f "$database" ] || ln "$database" "$before_start" 2>/dev/null
  mosquitto -c "$run/mosquitto.conf" &
  broker=$!
}

# Mosquitto 2.1.2 that fails after it has read the database, at a port that is taken, saves sessions without their
# subscriptions as it ends. It opens its log file once the database is read: what it does not read is another matter.
restore_database() {
  [ ! -e "$run/$running/_loaded" ] || [ ! -f "$before_start" ] || mv -f "$before_start" "$database"
}

# A foreground sleep lets the shell reap Mosquitto with all else that PID 1 has to reap: then its PID is gone.
broker_lives() {
  kill -0 "$broker" 2>/dev/null
}

# Before it has its handler, SIGHUP would end Mosquitto; the kernel shows the handler in bit 0 of SigCgt. In 2.1.2 it
# is installed when every listener and its TLS are up, and a signal is kept for the main loop.
takes_signals() {
  while read -r key value; do
    [ "$key" != SigCgt: ] || break
  done
  case $value in *[13579bdf]) ;; *) return 1 ;; esac
} 2>/dev/null <"/proc/$broker/status"

await_ready() {
  until takes_signals; do
    pause
    broker_lives || {
      restore_database
      return 1
    }
  done
  rm -f "$before_start"
  printf '' >"$run/ready"
}

# Whether Mosquitto can read the configuration in $incoming. Without what the test would harm: 2.1.2 replaces the database
# by an empty one and makes the log file. It looks at no other file and no port.
configuration_is_read() {
  sed '/^persistence/d;/^log_dest file/d' "$incoming/mosquitto.conf.ready" >"$incoming/trial.conf" || return 1
  problem=$(mosquitto --test-config -c "$incoming/trial.conf" 2>&1) && rm "$incoming/trial.conf" && return
  problem="Mosquitto cannot read its configuration: $(printf '%s\n' "$problem" | sed -n 's/^[0-9]*: Error: //p')"
  return 1
}

# Ends Mosquitto and starts it anew with the revision that was taken. Whoever is connected is disconnected for as long as
# that takes; sessions and what is queued for them are in the database that Mosquitto saves as it ends.
start_anew() {
  say "revision $newest needs another start of Mosquitto"
  rm -f "$run/ready"
  ticks=0
  while broker_lives; do
    ticks=$((ticks + 1))
    [ "$ticks" -le "$end_patience" ] || kill -KILL "$broker" 2>/dev/null
    kill -TERM "$broker" 2>/dev/null
    sleep "$short_tick"
  done
  wait "$broker"
  status=$? broker=
  place || give_up "revision $newest cannot be written to $run"
  # One that was saved at an orderly end need not be tried.
  [ "$status" -eq 0 ] || check_database
  launch
  say "revision $running is in place"
  await_ready
}

# One tick of a running broker.
#
# Mosquitto 2.1.2 forgets a SIGHUP that comes while it is still reloading for the last one (src/signals.c clears its
# flag at the end; a reload takes seconds where it has many passwords to hash again). So the next revision is placed
# only when the last one is loaded. Opening its log file is the last thing but a few that a reload does, and each
# revision names its own: the file is there when the revision is enforced.
follow() {
  if [ ! -e "$run/$running/_loaded" ]; then
    waited=$((waited + 1))
    [ $((waited % signal_patience)) -ne 0 ] || kill -HUP "$broker"
    return
  fi
  # The same lines go to the container's log; here they would only fill the memory.
  printf '' >"$run/$running/_loaded"
  [ -z "$former" ] || rm -rf "${run:?}/$former"
  former=

  read_newest
  if [ "$newest $assigned" = "$placed" ]; then
    wanted=$placed said=
    return
  fi
  # A try costs some forks, so they get rarer; what has only just appeared is tried at once.
  [ "$newest $assigned" = "$wanted" ] || { wanted="$newest $assigned" tries=0 skip=0; }
  skip=$((skip - 1))
  [ "$skip" -lt 0 ] || return
  if take "$newest" "$assigned" && switch; then
    return
  fi
  say_once "revision '$newest' is not taken: $problem; $running stays"
  tries=$((tries + 1))
  skip=$((1 << tries))
  [ "$skip" -le "$longest_pause" ] || { skip=$longest_pause tries=3; }
}

# Goes over to the revision that was taken: by a reload where that is enough.
switch() {
  before=$running waited=0
  if [ "$start" != "$started" ]; then
    configuration_is_read || return
    start_anew
  elif [ "$newest" != "$running" ]; then
    place || { problem="it cannot be written to $run" && return 1; }
    kill -HUP "$broker"
    say "revision $running is in place"
  else # other words for what runs
    placed="$newest $assigned"
    rm -rf "$incoming"
  fi
  [ "$before" = "$running" ] || former=$before
}

# Passes SIGTERM on and ends with Mosquitto's status. It is sent again until it is heard: 2.1.2 sets its run flag just
# after it has installed the handlers, so that a signal in between is lost.
# shellcheck disable=SC2317 # start makes it the trap
stop() {
  trap '' TERM INT
  [ -n "$broker" ] || exit 143
  while broker_lives; do
    kill -TERM "$broker" 2>/dev/null
    pause
  done
  wait "$broker"
  exit "$?" # without its argument it would be the status before the trap
}

# POSIX has no ulimit -n, -S and -H; both shells do.
# shellcheck disable=SC3045
ulimit -Sn "$(ulimit -Hn)"
# shellcheck disable=SC3045
open_files=$(ulimit -n)

# A StatefulSet's pod has its name as host name.
ordinal=
{ read -r ordinal </proc/sys/kernel/hostname; } 2>/dev/null
ordinal=${ordinal##*-}

start
former='' wanted='' tries=0 skip=0 waited=0
await_ready && while broker_lives; do
  follow
  pause
done
wait "$broker"
status=$?
# Mosquitto that ends unasked has failed, whatever it says.
[ "$status" -ne 0 ] || status=1
exit "$status"

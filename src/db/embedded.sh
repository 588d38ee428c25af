# Keeps one PostgreSQL for the process at the other end of the pipe, and ends with it, whatever end that process takes.
#   $1 folder of initdb and postgres    $2 folder for temporary files    $3 lines for postgresql.conf
# Reads lines: the superuser's password, then ports to try until one is free. The end of the input means that nobody needs
# the server any more. Answers with lines: @home <directory>, @ready, @failed, @closed <directory that we may not enter>;
# every other line is what a program had to say.
set -u
exec 2>&1
umask 077
bin=$1 tmp=$2 settings=$3 home= waiter=

finish() {
  trap '' INT TERM HUP
  [ -n "$home" ] || return
  cd / || return
  stop_server
  # The children of a server that was killed may go on writing for a moment.
  tries=0
  until rm -rf "$home" 2>/dev/null || [ "$tries" -ge 200 ]; do
    tries=$((tries + 1))
    sleep 0.05
  done
}

# Immediately: the data go anyway.
stop_server() {
  [ -n "$waiter" ] || return
  [ -e "$home/ended" ] || kill -QUIT "$(head -n 1 "$home/data/postmaster.pid")" 2>/dev/null
  wait "$waiter"
  waiter=
}

# Leaves the server running with `waiter` as its parent, so that it is reaped at once however it ends.
start_server() {
  rm -f ended
  (
    trap '' INT TERM HUP
    "$bin/postgres" -D "$home/data" -p "$1" >log 2>&1 </dev/null
    : >"$home/ended"
  ) 2>/dev/null &
  waiter=$!
  tries=0
  until grep -q '^ready' data/postmaster.pid 2>/dev/null; do
    tries=$((tries + 1))
    if [ -e ended ] || [ "$tries" -ge 1200 ]; then
      stop_server
      return 1
    fi
    sleep 0.05
  done
}

trap finish EXIT
trap 'exit 1' INT TERM HUP
# The reader of our answers may be gone: that must not end us before the server has ended.
trap '' PIPE

for needed in "$bin/initdb" "$bin/postgres" "$bin/../lib" "$tmp"; do
  [ -x "$needed" ] && continue
  path=$needed
  while [ ! -x "$path" ]; do
    closed=$path
    path=$(dirname "$path")
  done
  printf '@closed %s\n' "$closed"
  exit 1
done

read -r password || exit 1
home=$(mktemp -d "$tmp/changeover-pg-XXXXXX") || exit 1
printf '@home %s\n' "$home"
cd "$home" || exit 1
printf '%s\n' "$password" >password
if ! "$bin/initdb" --pgdata="$home/data" --username=postgres --pwfile=password --auth=password \
  --encoding=UTF8 --locale=C --no-sync >log 2>&1 </dev/null; then
  cat log
  echo "@failed"
  exit 1
fi
rm password
printf '%s\n' "$settings" >>data/postgresql.conf

while read -r port; do
  if start_server "$port"; then
    echo "@ready"
  else
    cat log
    echo "@failed"
  fi
done

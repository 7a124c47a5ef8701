# Keeps one PostgreSQL server for as long as standard input stays open, then stops it and removes its files.
# $1: folder of the programs, $2: port on 127.0.0.1. Prints "ready" once the server takes connections.
set -u
cd /
export LC_ALL=C
dir=$(mktemp -d "${TMPDIR:-/tmp}/wayleave-postgres.XXXXXX" 2>/dev/null || mktemp -d /tmp/wayleave-postgres.XXXXXX) || exit 1
server=

tidy() {
    trap '' EXIT HUP INT TERM
    if [ -n "$server" ]; then
        # Immediate: nobody will read these files again.
        kill -QUIT "$server" 2>/dev/null
        wait "$server" 2>/dev/null
    fi
    rm -rf "$dir"
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM

fail() {
    cat "$dir/log" >&2
    exit 1
}

"$1/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$dir/log" 2>&1 </dev/null || fail

# What makes a database survive a power cut is off: these files end with the test run.
"$1/postgres" -D "$dir/data" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$dir" \
    -c fsync=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=128MB \
    >"$dir/log" 2>&1 </dev/null &
server=$!

tries=0
until "$1/pg_isready" -q -h 127.0.0.1 -p "$2"; do
    tries=$((tries + 1))
    kill -0 "$server" 2>/dev/null || fail
    [ "$tries" -lt 300 ] || fail
    sleep 0.1
done
echo ready

# Returns when the other end is closed.
read -r _

# The load side of a run: builds the C programs, holds one receiver for each contestant and speaks with it.

fail() {
    echo "bench: $*" >&2
    exit 1
}

say() { echo "bench: $*" >&2; }

build_load() {
    command -v gcc > /dev/null || fail "gcc is needed"
    local flags=(-std=gnu17 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror) src=$bench/src
    gcc "${flags[@]}" -o "$target/floor" "$src/floor.c"
    gcc "${flags[@]}" -o "$target/receiver" "$src"/{receiver,clients,frames,publisher,latency,process}.c
}

# Everything that this run has started, by process id; nothing else is ever ended.
declare -a started=()

stop_all() {
    local pid i
    # The last first: a receiver that outlives its server would complain.
    for ((i = ${#started[@]} - 1; i >= 0; i--)); do
        kill "${started[i]}" 2> /dev/null || true
    done
    for pid in "${started[@]}"; do
        for _ in {1..50}; do
            kill -0 "$pid" 2> /dev/null || continue 2
            sleep 0.1
        done
        kill -KILL "$pid" 2> /dev/null || true
    done
}

# Starts a command on CPU 0 as a server; it also ends when this script is killed. Its process id goes to server_pid.
start_server() { # log command...
    local log=$1
    shift
    setpriv --pdeathsig TERM taskset -c 0 "$@" > "$log" 2>&1 < /dev/null &
    server_pid=$!
    started+=("$server_pid")
}

# Waits until a command succeeds; the server's log tells why it does not.
wait_until() { # log seconds command...
    local log=$1 end=$((SECONDS + $2))
    shift 2
    until "$@" > /dev/null 2>&1; do
        if ((SECONDS >= end)) || ! kill -0 "$server_pid" 2> /dev/null; then
            tail -n 30 "$log" >&2
            fail "the server did not start; see $log"
        fi
        sleep 0.1
    done
}

port_answers() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# The first free port at or above the given one; all stay below the ephemeral range.
free_port() {
    local port=$1
    while port_answers "$port"; do
        port=$((port + 1))
    done
    echo "$port"
}

# A broadcast whose SignalR JSON message is so many bytes long, separator included: {"type":1,<body without its brace>\x1e
message_body() {
    local head='{"target":"m","arguments":["00000000' tail='"]}' fill
    fill=$(($1 - 10 - ${#head} - ${#tail}))
    ((fill >= 0)) || fail "--payload must be at least $(($1 - fill))"
    echo "$head$(printf '%*s' "$fill" '' | tr ' ' x)$tail"
}

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

token() { # key audience: HS256, one hour
    local now unsigned
    now=$(date +%s)
    unsigned=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url).$(
        printf '{"aud":"%s","iat":%d,"exp":%d}' "$2" "$now" $((now + 3600)) | base64url)
    echo "$unsigned.$(printf '%s' "$unsigned" | openssl dgst -sha256 -hmac "$1" -binary | base64url)"
}

declare -A receiver_in receiver_out receiver_pid

# Starts the contestant's receiver on CPU 1 and waits until all its clients are open. start_<contestant> has set server_pids (with
# commas) and receiver_options.
open_clients() {
    local name=$1 in=$target/$1.in out=$target/$1.out fd
    rm -f "$in" "$out"
    mkfifo "$in" "$out"
    # Opened for both directions: neither open waits, and neither side sees an end while the run lasts.
    exec {fd}<> "$in"
    receiver_in[$name]=$fd
    exec {fd}<> "$out"
    receiver_out[$name]=$fd
    taskset -c 1 "$target/receiver" --clients "$clients" --server-pids "$server_pids" --server-cpu 0 --body "$body" \
        "${receiver_options[@]}" < "$in" > "$out" &
    receiver_pid[$name]=$!
    started+=("$!")
    local line
    line=$(answer "$name" 120)
    echo "contestant=$name $line" >> "$target/open.txt"
}

answer() { # contestant seconds: the next line of its receiver
    local line end=$((SECONDS + $2))
    while ! read -r -t 1 -u "${receiver_out[$1]}" line; do
        kill -0 "${receiver_pid[$1]}" 2> /dev/null || fail "the receiver of $1 has ended"
        ((SECONDS < end)) || fail "the receiver of $1 does not answer"
    done
    echo "$line"
}

window() { # contestant seconds rate
    echo "window $2 $3" >&"${receiver_in[$1]}"
    answer "$1" $(($2 + 40))
}

# One field of a line of key=value words.
field() { sed -E "s/.* $2=([^ ]*).*/\1/" <<< " $1"; }

brief() {
    local user system delivered
    user=$(field "$1" user) system=$(field "$1" system) delivered=$(field "$1" delivered)
    awk -v cpu=$((user + system)) -v d="$delivered" -v e="$(field "$1" expected)" -v t="$(field "$1" took)" \
        'BEGIN { printf "%.2f us, %d/%d delivered in %.1f s", (d ? cpu / d : 0), d, e, t / 1e6 }'
}

describe_run() {
    echo "$(date -u +%Y-%m-%dT%H:%MZ), commit $(git -C "$root" rev-parse --short HEAD 2> /dev/null || echo unknown)$(
        [[ -z $(git -C "$root" status --porcelain 2> /dev/null) ]] || echo ' with changes');" \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) CPUs, Linux $(uname -r);" \
        "load average now $(cut -d' ' -f1 /proc/loadavg)."
    echo "Servers on CPU 0, load on CPU 1, loopback, no TLS, no compression, WebSocket payload $payload bytes as published."
    local contestant
    for contestant in $contestants; do
        echo "- $contestant: $("describe_$contestant")"
    done
}

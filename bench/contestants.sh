# Who can take part. A contestant is four functions:
#   build_X     makes it, or checks that it is there
#   start_X     starts it on CPU 0 (start_server), waits until it is ready, and sets server_pids (all its processes, with commas between)
#               and receiver_options (how the receiver reaches it; --protocol raw for servers without a hub protocol)
#   describe_X  one line for the report

build_floor() { :; }

start_floor() {
    local port
    port=$(free_port 18700)
    start_server "$target/floor.log" "$target/floor" "$port"
    wait_until "$target/floor.log" 5 port_answers "$port"
    server_pids=$server_pid
    # No pings: the floor only sends.
    receiver_options=(--port "$port" --protocol json --ping 0)
}

describe_floor() { echo "bench/src/floor.c, one thread, one send() for each delivery"; }

# The key of `tidewire dev`, which is public.
tidewire_key=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH
tidewire_lib=$root/server/target/tidewire/lib
read -r -a tidewire_java_options <<< "${BENCH_JAVA_OPTS:--Xmx512m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders}"

java_25() { # the first java of version 25 or later
    local java
    for java in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
        if [[ -x $java ]] && (($("$java" -version 2>&1 | sed -nE '1s/.*"([0-9]+).*/\1/p') >= 25)); then
            echo "$java"
            return
        fi
    done
    fail "a JDK 25 is needed: set JAVA_HOME"
}

build_tidewire() {
    tidewire_java=$(java_25)
    local jar=
    [[ ! -d $tidewire_lib ]] || jar=$(find "$tidewire_lib" -name 'tidewire-server-*.jar' -print -quit)
    if [[ -z $jar || -n $(find "$root/pom.xml" "$root/server/pom.xml" "$root/server/src/main" -type f -newer "$jar" -print -quit) ]]; then
        say "tidewire: Maven builds the server"
        (cd "$root" && mvn -B -q -Dmaven.test.skip=true -pl server -am package)
    fi
}

start_tidewire() {
    local port admin log=$target/tidewire.log
    port=$(free_port 18888)
    admin=$(free_port 18900)
    # While the others have their turn, the publishing connections are idle for longer than the server usually allows.
    start_server "$log" "$tidewire_java" "${tidewire_java_options[@]}" -cp "$tidewire_lib/*" io.tidewire.cli.Main dev \
        --set "signalr.listen=127.0.0.1:$port" --set "admin.listen=127.0.0.1:$admin" \
        --set webpubsub.listen=127.0.0.1:0 --set http.idleTimeout=1h
    wait_until "$log" 30 curl -fsS --max-time 1 "http://127.0.0.1:$admin/readyz"
    server_pids=$server_pid
    receiver_options=(--port "$port" --protocol "$protocol" --ping 15
        --path '/client/?hub=bench' --token "$(token "$tidewire_key" 'http://localhost/client/?hub=bench')"
        --publish-path /api/v1/hubs/bench --publish-token "$(token "$tidewire_key" http://localhost/api/v1/hubs/bench)")
}

describe_tidewire() {
    echo "this commit, $("$tidewire_java" -version 2>&1 | sed -n 3p | sed 's/ (build.*//'), ${tidewire_java_options[*]}," \
        "SignalR $protocol clients with a token, hub handshake and a ping each 15 s; published through REST with a token"
}

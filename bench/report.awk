# Turns the lines of open.txt and windows.txt (key=value words) into the report's tables. POSIX awk.

# Numbers become numbers: as strings, 9 would be more than 10.
function parse(    i, at, v) {
    split("", f)
    for (i = 1; i <= NF; i++) {
        at = index($i, "=")
        if (at == 0) continue
        v = substr($i, at + 1)
        f[substr($i, 1, at - 1)] = v ~ /^[0-9.]+$/ ? v + 0 : v
    }
}

# Sorts list[1..n] in place: n is a handful.
function sorted(list, n,    i, j, v) {
    for (i = 2; i <= n; i++) {
        v = list[i]
        for (j = i - 1; j >= 1 && list[j] > v; j--) list[j + 1] = list[j]
        list[j + 1] = v
    }
}

# Fills the globals median, least and most from the good windows of one contestant in one phase.
function summarise(what, phase, who,    list, n, r) {
    n = 0
    for (r = 1; r <= rounds[phase]; r++) {
        if (good[phase, who, r]) list[++n] = value[what, phase, who, r]
    }
    median = least = most = 0
    if (n == 0) return 0
    sorted(list, n)
    median = n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
    least = list[1]
    most = list[n]
    return n
}

function shown(what, phase, who, format,    one) {
    if (!summarise(what, phase, who)) return "-"
    one = sprintf(format, median) " (" sprintf(format, least) "–" sprintf(format, most) ")"
    return one
}

FILENAME ~ /open.txt$/ {
    parse()
    rss[f["contestant"]] = (f["rss_after"] - f["rss_before"]) / f["clients"]
    open_cpu[f["contestant"]] = (f["server_user"] + f["server_system"]) / f["clients"]
    next
}

{
    parse()
    phase = f["phase"]; who = f["contestant"]; r = f["round"]
    if (!(phase in rounds)) phases[++phase_count] = phase
    if (!(who in known)) { known[who] = 1; names[++name_count] = who }
    rounds[phase] = r
    rate[phase] = f["rate"]
    seconds[phase] = f["seconds"]
    delivered[phase, who] += f["delivered"]
    expected[phase, who] += f["expected"]
    good[phase, who, r] = f["delivered"] == f["expected"] && f["accepted"] == f["published"] && f["lost_clients"] == 0
    if (!good[phase, who, r]) bad[phase, who]++
    d = f["delivered"] > 0 ? f["delivered"] : 1
    cpu = f["user"] + f["system"]
    value["cpu", phase, who, r] = cpu / d
    value["user", phase, who, r] = f["user"] / d
    value["bytes", phase, who, r] = f["bytes"] / d
    value["reads", phase, who, r] = d / (f["reads"] > 0 ? f["reads"] : 1)
    value["took", phase, who, r] = f["took"] / 1e6
    value["busy", phase, who, r] = 100 * cpu / f["elapsed"]
    value["others", phase, who, r] = 100 * (f["cpu_busy"] > cpu ? f["cpu_busy"] - cpu : 0) / f["elapsed"]
    value["load", phase, who, r] = 100 * f["load_cpu"] / f["elapsed"]
    value["late", phase, who, r] = f["late_max"] / 1e3
    value["p50", phase, who, r] = f["latency_p50"] / 1e3
    value["p99", phase, who, r] = f["latency_p99"] / 1e3
    floor = value["cpu", phase, "floor", r]
    value["ratio", phase, who, r] = floor > 0 ? value["cpu", phase, who, r] / floor : 0
    resident[who] = f["rss"] / 1024
    if (value["others", phase, who, r] > crowd) crowd = value["others", phase, who, r]
    if (value["late", phase, who, r] > late_most) late_most = value["late", phase, who, r]
}

END {
    for (p = 1; p <= phase_count; p++) {
        phase = phases[p]
        printf "## %s broadcasts a second, %s s in each of %d %s\n\n", rate[phase], seconds[phase], rounds[phase],
            (rounds[phase] == 1 ? "round" : "rounds")
        if (rounds[phase] < 5 || seconds[phase] < 5) print "Fewer than five rounds of five seconds: an indication, not a figure to quote.\n"
        summarise("cpu", phase, "floor")
        floor_median = median
        behind = 0
        print "| contestant | CPU µs/delivery: median (min–max) | user µs | × floor: medians (by round) | delivered/expected | frame bytes/delivery | messages/read | RSS KiB/connection |"
        print "|---|---|---|---|---|---|---|---|"
        for (n = 1; n <= name_count; n++) {
            who = names[n]
            if (bad[phase, who]) {
                printf "| %s | DISQUALIFIED: %d of %d windows lost, repeated, refused or never finished messages, or lost clients | | | %d/%d | | | |\n", who, bad[phase, who],
                    rounds[phase], delivered[phase, who], expected[phase, who]
                continue
            }
            cpu_text = shown("cpu", phase, who, "%.2f")
            ratio = floor_median > 0 ? median / floor_median : 0
            summarise("ratio", phase, who)
            ratio_text = sprintf("%.2f (%.2f–%.2f)", ratio, least, most)
            user_text = shown("user", phase, who, "%.2f")
            summarise("bytes", phase, who); bytes = median
            summarise("reads", phase, who); reads = median
            printf "| %s | %s | %s | %s | %d/%d | %.1f | %.2f | %.1f |\n", who, cpu_text, user_text, ratio_text, delivered[phase, who],
                expected[phase, who], bytes, reads, rss[who]
        }
        print "\n| contestant | time for the window s | server CPU % | others on its CPU % | receiver CPU % | publisher late at most ms | latency p50 ms | p99 ms |"
        print "|---|---|---|---|---|---|---|---|"
        for (n = 1; n <= name_count; n++) {
            who = names[n]
            if (bad[phase, who]) continue
            took = shown("took", phase, who, "%.1f")
            if (median > seconds[phase] * 1.05 + 0.1) { behind++; took = took " **behind**" }
            summarise("late", phase, who); late = most
            printf "| %s | %s | %s | %s | %s | %.1f | %s | %s |\n", who, took, shown("busy", phase, who, "%.0f"),
                shown("others", phase, who, "%.0f"), shown("load", phase, who, "%.0f"), late, shown("p50", phase, who, "%.1f"),
                shown("p99", phase, who, "%.1f")
        }
        if (behind > 0) {
            print "\n**Behind**: the window's messages took longer than the window, as the server (or the receiver: see its CPU) was at its limit."
            print "CPU per delivery is then not that of single messages: with a backlog, a server may put several in one write (see messages/read)."
        }
        print ""
    }
    printf "CPU per client to connect, shake hands and be registered (cold):"
    for (n = 1; n <= name_count; n++) printf "%s %s %.0f µs", (n > 1 ? "," : ""), names[n], open_cpu[names[n]]
    print ".\nRSS KiB/connection is the growth of resident memory while the clients connect, before the first message; a JVM's own warm-up is in it."
    printf "Resident at the end:"
    for (n = 1; n <= name_count; n++) printf "%s %s %.1f MiB", (n > 1 ? "," : ""), names[n], resident[names[n]]
    print ".\nUser µs is sampled by the kernel's clock tick and less exact than the total."
    if (crowd > 10 || late_most > 10) {
        print "\n**Not a quiet machine**: use these figures to check the tool only."
        printf "Other work took up to %.0f %% of the servers' CPU in a window, and a message left up to %.0f ms late.\n", crowd, late_most
    }
}

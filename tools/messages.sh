# shellcheck shell=sh
# What ./run says, and the lock that keeps two of them from setting up at once.
# shellcheck disable=SC2154  # "here", the checkout, comes from ./run

say() {
    printf '[run] %s\n' "$*" >&2
}

# die REASON [REMEDY]: ends the run with both.
die() {
    printf '[run] FAILED: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '[run] What to do: %s\n' "$2" >&2
    exit 1
}

# Two starts at the same time in one checkout would write into the same .venv. mkdir is atomic everywhere.
start_setting_up() {
    lock=$here/.setting-up
    waiting=''
    until mkdir "$lock" 2>/dev/null; do
        [ -w "$here" ] || die "This folder cannot be written: $here" "Make it yours, or clone to a folder that is."
        holder=$(cat "$lock/pid" 2>/dev/null || true)
        if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
            rm -rf "$lock" # its holder was killed before it could tidy up
            continue
        fi
        [ "$waiting" ] || say "Another ./run (process ${holder:-unknown}) is setting up; waiting. If none is, delete $lock"
        waiting=yes
        sleep 1
    done
    echo $$ >"$lock/pid"
    trap 'rm -rf "$lock"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# Explicitly, because the traps of a shell do not survive its exec.
stop_setting_up() {
    rm -rf "$lock"
    trap - EXIT INT TERM HUP
}

# shellcheck shell=sh
# Writes the lock files. They hold versions and hashes, never an address: where packages come from is a setting of
# each machine, and a lock that remembered this one's would break or mislead the next (tests/setup holds that).
# shellcheck disable=SC2154  # "here", "venv" and "judges" come from ./run and its parts

# write_locks [judges | UV ARGUMENTS...]
write_locks() {
    if [ "${1:-}" = judges ]; then
        [ -x "$venv/bin/npm" ] || die "This needs the packages of the tests." "./run test installs them"
        command -v mvn >/dev/null || die "This needs Maven." "./run test installs it; or apt-get install maven"
        rm -rf "$judges"
        mkdir -p "$judges"
        copy_jars "$judges/jars" || die "Maven could not fetch the judges." "Read $judges/maven.log"
        jars_with_hashes >"$judges_sources/jars.lock"
        cd "$judges_sources/node" || exit
        rm -f package-lock.json
        PATH="$venv/bin:$PATH" npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund >&2 ||
            die "npm could not lock the judges of the API." "Read its message above."
        say "Written: tests/judges/jars.lock, tests/judges/node/package-lock.json"
        return
    fi
    [ -x "$venv/bin/uv" ] || die "Locking needs uv, which could not be installed here." "Start on a machine where it can."
    cd "$here" || exit
    # The tests first, then the application within what the tests chose: both files agree on every version.
    compile_lock requirements-test.lock --extra postgres --extra analysis --extra token --extra test pyproject.toml "$@"
    compile_lock requirements.lock --extra postgres --extra analysis --extra token --constraint requirements-test.lock pyproject.toml "$@"
    echo uv | compile_lock bootstrap.lock - "$@"
    say "Written: requirements-test.lock, requirements.lock, bootstrap.lock"
}

# compile_lock FILE UV ARGUMENTS...: valid on every platform and from Python 3.11 on.
compile_lock() {
    file=$1
    shift
    "$venv/bin/uv" --quiet pip compile --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --output-file "$file" "$@" >/dev/null
}

# shellcheck shell=sh
# The virtual environment .venv: made, filled from the hash-locked files, and taught where the project is.
# shellcheck disable=SC2154  # "here", "python" and "local_root" come from ./run, system.sh and packages.sh

venv=$here/.venv

lock_file() {
    case $1 in
        runtime) echo "$here/requirements.lock" ;;
        test) echo "$here/requirements-test.lock" ;;
    esac
}

# stamp runtime|test: what the environment was made from. The place counts: an environment cannot be moved.
stamp() {
    cksum "$(lock_file "$1")" "$here/bootstrap.lock" "$here/tools/python.sh"
}

# holds runtime|test: whether .venv was filled from that lock file as it is now. Both agree on every version, so
# an environment for the tests also serves the application.
holds() {
    [ -x "$venv/bin/itti" ] && [ "$(cat "$venv/holds-$1" 2>/dev/null)" = "$(stamp "$1")" ]
}

runtime_is_set_up() {
    { holds test || holds runtime; } && libraries_load "$venv/bin/python"
}

tests_are_set_up() {
    holds test && libraries_load "$venv/bin/python" &&
        [ -z "$(missing_test_packages "$venv/bin/python")" ] && judges_are_ready && npm_judges_are_ready
}

# ensure_packages_of runtime|test
ensure_packages_of() {
    if ! venv_is_ours; then
        say "Making .venv with $("$python" --version) ($python)"
        rm -rf "$venv"
        "$python" -m venv --without-pip "$venv" || die "$python could not make $venv." "Read its message above."
        echo "$here" >"$venv/made-for"
    fi
    if ! holds "$1"; then
        rm -f "$venv"/holds-*
        say "Installing the Python packages of $(basename "$(lock_file "$1")")"
        install_requirements "$(lock_file "$1")"
        stamp "$1" >"$venv/holds-$1.new"
    fi
    write_path_file
    write_start_script
    [ ! -e "$venv/holds-$1.new" ] || mv "$venv/holds-$1.new" "$venv/holds-$1" # last: everything is in place
}

venv_is_ours() {
    [ "$(cat "$venv/made-for" 2>/dev/null)" = "$here" ] &&
        "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# install_requirements LOCK: with uv (a few seconds), else with pip (four times as long, but already there).
# Wheels only: building a source package would fetch build tools that no lock names.
install_requirements() {
    if install_uv && "$venv/bin/uv" --quiet pip sync --python "$venv/bin/python" \
        --require-hashes --no-build "$1"; then
        return
    fi
    say "uv could not do it; trying pip."
    pip install --require-hashes --no-deps --only-binary :all: -r "$1" ||
        die "The Python packages could not be installed." \
            "Is the package index reachable? pip's and uv's own settings say which one is asked."
}

install_uv() {
    [ -x "$venv/bin/uv" ] && [ "$(cat "$venv/uv-from" 2>/dev/null)" = "$(cksum <"$here/bootstrap.lock")" ] && return
    pip install --require-hashes --no-deps --only-binary :all: -r "$here/bootstrap.lock" || return
    cksum <"$here/bootstrap.lock" >"$venv/uv-from"
}

pip() {
    "$venv/bin/python" "$here/tools/bundled_pip.py" "$local_root" \
        --quiet --disable-pip-version-check --no-input "$@" </dev/null >&2
}

# Puts the checkout on Python's path. Relative to site-packages, so that no path has to be encoded. The project
# itself is not installed: that would need a build tool, and hide what is edited.
write_path_file() {
    for packages in "$venv"/lib/python3.*/site-packages; do
        echo ../../../.. >"$packages/itti-checkout.pth"
    done
}

# A shell script, not Python: its first line could not hold a path with a space or more than 127 bytes. -P keeps
# the folder in which somebody calls it from hiding our packages.
write_start_script() {
    {
        printf '#!/bin/sh\n# Written by ./run setup: starts itti from any folder.\n'
        if local_packages_fit; then
            printf 'libraries=%s\nfonts=%s\n' "$(quoted "$local_libraries")" "$(quoted "$local_root/fonts.conf")"
            cat <<'SCRIPT'
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$libraries"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="${FONTCONFIG_FILE:-$fonts}"
SCRIPT
        fi
        # shellcheck disable=SC2016  # expanded when the script runs
        printf 'exec %s -P -m itti "$@"\n' "$(quoted "$venv/bin/python")"
    } >"$venv/bin/itti"
    chmod +x "$venv/bin/itti"
}

# quoted TEXT: as one word of shell.
quoted() {
    printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

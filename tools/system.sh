# shellcheck shell=sh
# What the machine itself must offer: a Python, the libraries of WeasyPrint, the programs of the tests.
# shellcheck disable=SC2154  # "here" and "local_root" come from ./run and packages.sh

# Loaded by WeasyPrint under these names; harfbuzz-subset makes it faster and will become mandatory.
pdf_libraries='libgobject-2.0.so.0 libpango-1.0.so.0 libharfbuzz.so.0 libharfbuzz-subset.so.0 libfontconfig.so.1 libpangoft2-1.0.so.0'
pdf_packages='libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig-config'

# find_python: sets "python" to the first Python >= 3.11 that can make a virtual environment and brings a pip.
find_python() {
    for python in "${ITTI_PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14; do
        [ -n "$python" ] || continue
        python=$(command -v "$python") || continue
        "$python" "$here/tools/bundled_pip.py" "$local_root" >/dev/null 2>&1 && return
    done
    return 1
}

ensure_python() {
    if ! find_python; then
        # No Python yet means that nothing can be tried out: the libraries are asked for in the same go.
        # shellcheck disable=SC2086
        install_packages "Python and PDF reports" python3 python3-venv ca-certificates $pdf_packages
        find_python || die "No Python 3.11 or newer with venv was found, and this system's packages have none." \
            "Install one and name it: ITTI_PYTHON=/path/to/python3.13 ./run setup"
    fi
}

# loadable PYTHON LIBRARY...: true if the dynamic loader can load every one. A file that is there proves nothing.
loadable() {
    loader=$1
    shift
    "$loader" -c 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' "$@" 2>/dev/null
}

# libraries_load PYTHON
libraries_load() {
    if [ "$(uname -s)" = Darwin ]; then # names and finds libraries otherwise
        "$1" -c 'import ctypes.util, sys; sys.exit(not ctypes.util.find_library("pango-1.0"))'
        return
    fi
    # shellcheck disable=SC2086
    loadable "$1" $pdf_libraries
}

ensure_libraries() {
    libraries_load "$python" && return
    [ "$(uname -s)" != Darwin ] || die "Pango, which lays out the PDF reports, is missing." "brew install pango"
    # shellcheck disable=SC2086
    install_packages "PDF reports" $pdf_packages
    libraries_load "$python" || die "These libraries, which lay out the PDF reports, still cannot be loaded by $python: $pdf_libraries" \
        "Try: $python -c 'import ctypes; ctypes.CDLL(\"libpango-1.0.so.0\")' and mend what it says."
}

# The server programs of PostgreSQL are outside PATH on Debian; take the newest.
use_test_tools() {
    command -v initdb >/dev/null && return
    for folder in /usr/lib/postgresql/*/bin "$local_root"/usr/lib/postgresql/*/bin; do
        [ ! -x "$folder/initdb" ] || newest_postgresql=$folder
    done
    [ -z "${newest_postgresql:-}" ] || export PATH="$PATH:$newest_postgresql"
}

browser_is_here() {
    command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null
}

# browser_package [RELEASE FILE]: the Chromium without windows, which does the same work in two thirds of the time; only
# Debian packs it.
# shellcheck disable=SC1090,SC2120  # the file is the machine's own, unless a test names another
browser_package() {
    case $(. "${1:-/etc/os-release}" 2>/dev/null && echo "${ID:-}") in
        debian) echo chromium-headless-shell ;;
        *) echo chromium ;;
    esac
}

# missing_test_packages PYTHON: prints the packages of what the tests need and this machine lacks.
missing_test_packages() {
    use_test_tools
    browser_is_here || browser_package
    loadable "$1" libatomic.so.1 || echo libatomic1 # Playwright's Node.js needs it; minimal Debian 12 has none
    command -v pdfsig >/dev/null || echo poppler-utils
    command -v qpdf >/dev/null || echo qpdf
    command -v curl >/dev/null || echo curl # types what the guides say
    command -v softhsm2-util >/dev/null || echo softhsm2 # a token for sealing keys, made of software
    command -v initdb >/dev/null || echo postgresql
    command -v java >/dev/null || echo default-jre-headless
    # Opens and saves our workbooks. It only runs where its package was installed: unpacked, it does not find its parts.
    command -v soffice >/dev/null || ! becomes_root || echo libreoffice-calc
    judges_are_ready || command -v mvn >/dev/null || echo maven # Maven only fetches them
}

# Where only the Chromium with windows is here, the other comes along if it can be had; if not, this one does.
prefer_quick_browser() {
    ! command -v chromium-headless-shell >/dev/null || return 0
    [ "$(browser_package)" = chromium-headless-shell ] && becomes_root || return 0
    (install_packages "a quicker browser for the tests" chromium-headless-shell) ||
        say "Going on with the Chromium that is here."
}

ensure_test_tools() {
    ! browser_is_here || prefer_quick_browser
    missing=$(missing_test_packages "$python")
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086
    install_packages "the tests" $missing
    still=$(missing_test_packages "$python")
    # shellcheck disable=SC2116,SC2086  # on one line
    [ -z "$still" ] || die "Installed, but still not usable by the tests: $(echo $still)" \
        "Start each program by hand and mend what it says."
}

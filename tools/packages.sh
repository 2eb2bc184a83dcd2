# shellcheck shell=sh
# Debian packages: installed with root or passwordless sudo, else unpacked into .syslibs without touching the system.
# shellcheck disable=SC2154  # "here", the checkout, comes from ./run

local_root=$here/.syslibs

# Libraries of one release do not fit the next: after an upgrade .syslibs counts for nothing and is made anew.
this_release() {
    cat /etc/os-release 2>/dev/null || uname -sr
}

local_packages_fit() {
    [ "$(cat "$local_root/made-on" 2>/dev/null)" = "$(this_release)" ]
}

# becomes_root: true with root or passwordless sudo.
becomes_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# install_packages WHAT_FOR PACKAGE...
install_packages() {
    what_for=$1
    shift
    command -v apt-get >/dev/null || die "Missing for $what_for, and there is no apt-get here." \
        "Install what these Debian packages hold, then start again: $*"
    if [ "$(id -u)" = 0 ]; then
        say "Installing for $what_for with apt-get: $*"
        install_into_system env "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        say "Installing for $what_for with sudo apt-get: $*"
        install_into_system "sudo -n env" "$@"
    else
        say "Neither root nor passwordless sudo: unpacking for $what_for into .syslibs: $*"
        unpack_locally "$@"
    fi
}

# install_into_system "COMMAND THAT BECOMES ROOT" PACKAGE...
install_into_system() {
    become_root=$1
    shift
    # shellcheck disable=SC2086  # two words on purpose: "sudo -n env"
    $become_root apt-get -q update </dev/null >&2 ||
        say "apt-get update failed; going on with the package lists that are here."
    case " $* " in *" postgresql "*) keep_postgresql_from_making_a_cluster "$become_root" ;; esac
    # --no-upgrade: what is there already stays as it is.
    # shellcheck disable=SC2086
    $become_root DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
        apt-get -q -y --no-install-recommends --no-upgrade \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 install "$@" </dev/null >&2 ||
        die "apt-get could not install: $*" "Read its message above; the network or the package sources may be at fault."
}

# Debian's server package makes a database cluster and starts it. The tests bring up their own in a temporary
# folder and need only the programs, so the package is told not to, before it comes for the first time.
keep_postgresql_from_making_a_cluster() {
    conf=/etc/postgresql-common/createcluster.conf
    [ -e "$conf" ] && return
    # shellcheck disable=SC2016,SC2086  # the inner shell expands $1
    $1 sh -c 'mkdir -p "${1%/*}" && echo "create_main_cluster = false" >"$1"' sh "$conf"
}

# Works out with apt what is missing against the system's own package database, downloads that, unpacks it, and
# repairs what a package's install scripts would have done. Nothing outside .syslibs is written.
unpack_locally() {
    command -v dpkg-deb >/dev/null || die "dpkg-deb is missing." "Install these packages as root: $*"
    state=$(mktemp -d) # apt's own paths may not hold spaces, a checkout's may
    local_packages_fit || rm -rf "$local_root"
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$local_root"
    apt_without_root update >&2 ||
        die "apt-get cannot fetch its package lists." "Install as root, then start again: $*"
    apt_without_root --no-install-recommends --no-upgrade --download-only install "$@" >&2 ||
        die "apt-get cannot download: $*" "Install these packages as root, then start again."
    for deb in "$state"/cache/archives/*.deb; do
        case ${deb##*/} in
            libc6_* | '*.deb') continue ;; # the loader and the C library must stay one pair
        esac
        dpkg-deb -x "$deb" "$local_root" || die "Could not unpack ${deb##*/}." "Is the disk full?"
    done
    rm -rf "$state"
    repair_links
    write_local_programs
    write_local_configuration
    this_release >"$local_root/made-on"
    use_local_packages
}

apt_without_root() {
    apt-get -q -y -o Dpkg::Use-Pty=0 -o Debug::NoLocking=1 -o APT::Sandbox::User= \
        -o Dir::State::Lists="$state/lists" -o Dir::Cache="$state/cache" \
        -o Dir::Cache::archives="$state/cache/archives" -o Dir::Log="$state" "$@" </dev/null
}

# Packages link to absolute places (/etc/java-17-openjdk/…). Inside .syslibs those must lead to .syslibs.
repair_links() {
    find "$local_root" -type l -lname '/*' | while IFS= read -r link; do
        target=$local_root$(readlink "$link")
        [ ! -e "$target" ] || ln -sfnr "$target" "$link"
    done
}

# Programs that Debian reaches through /usr/bin scripts with fixed paths, or through its alternatives system.
write_local_programs() {
    mkdir -p "$local_root/bin"
    for program in "$local_root"/usr/lib/jvm/*/bin/java "$local_root"/usr/share/maven/bin/mvn; do
        [ ! -x "$program" ] || ln -sfnr "$program" "$local_root/bin/${program##*/}"
    done
    for browser in chromium chromium-headless-shell; do
        [ -x "$local_root/usr/lib/chromium/$browser" ] || continue
        cat >"$local_root/bin/$browser" <<'PROGRAM'
#!/bin/sh
# Debian's own start script expects /usr/lib/chromium.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
exec "$root/usr/lib/chromium/${0##*/}" "$@"
PROGRAM
        chmod +x "$local_root/bin/$browser"
    done
}

# What install scripts would have written: a font configuration (without any, Pango crashes), and the trusted
# certificates joined into the one file that pip and OpenSSL read.
write_local_configuration() {
    cat >"$local_root/fonts.conf" <<'CONF'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
CONF
    [ -d "$local_root/usr/share/ca-certificates/mozilla" ] || return 0
    mkdir -p "$local_root/etc/ssl/certs"
    cat "$local_root"/usr/share/ca-certificates/mozilla/*.crt >"$local_root/etc/ssl/certs/ca-certificates.crt"
}

# Lets programs and libraries be found in .syslibs, after everything that the system itself has.
use_local_packages() {
    local_packages_fit || return 0
    local_libraries=''
    for folder in "$local_root"/usr/lib/*-linux-gnu* "$local_root"/lib/*-linux-gnu*; do
        # Some packages keep libraries one folder deeper, found through links that their install scripts make.
        for place in "$folder" "$folder/nss" "$folder/pulseaudio" "$folder/blas" "$folder/lapack"; do
            [ ! -d "$place" ] || local_libraries=$local_libraries${local_libraries:+:}$place
        done
    done
    case ":${LD_LIBRARY_PATH:-}:" in
        *":$local_libraries:"*) ;;
        *)
            export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$local_libraries"
            export PATH="$PATH:$local_root/bin:$local_root/usr/bin"
            ;;
    esac
    [ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="${FONTCONFIG_FILE:-$local_root/fonts.conf}"
    certificates=$local_root/etc/ssl/certs/ca-certificates.crt
    if [ -e "$certificates" ] && [ ! -e /etc/ssl/certs/ca-certificates.crt ]; then
        export SSL_CERT_FILE="${SSL_CERT_FILE:-$certificates}" PIP_CERT="${PIP_CERT:-$certificates}"
    fi
}

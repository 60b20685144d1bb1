# Shell functions (POSIX) that find out which packages are missing, and install them where there
# is apt-get. quickstart and run-tests share them: read in by ". scripts/packages.sh".
#
# A need is one line: Debian package | how to see that it is there | what it is for.
#
#     command NAME    a program on PATH
#     module NAME     a library known to pkg-config
#     header FILE     a header that the compiler finds
#     file PATH       a file
#
# shellcheck shell=sh disable=SC2034

needs_build='gcc|command cc|compiles the program
libc6-dev|header stdio.h|headers of the C library
make|command make|runs the build
pkg-config|command pkg-config|finds the libraries below
zlib1g-dev|module zlib|reads compressed logs
libmaxminddb-dev|module libmaxminddb|looks up the region of an address
libyaml-dev|module yaml-0.1|reads journey files
libpcre2-dev|module libpcre2-8|matches regular expressions
uthash-dev|header uthash.h|hash tables'

# Only a git checkout needs these: a release has its configure script.
is_bootstrapped() {
    [ -x "$1/configure" ] && [ -f "$1/Makefile.in" ] && [ -f "$1/build-aux/install-sh" ]
}
needs_bootstrap='autoconf|command autoreconf|makes the configure script
automake|command automake|makes the Makefile'

# Without these the program is built all the same, but is slower, reads fewer files, or knows no
# regions.
needs_optional='libisal-dev|module libisal|reads compressed logs several times faster
libarchive-dev|module libarchive|reads .bz2, .xz, .zst and .lz4 logs'
needs_npm='npm|command npm|fetches the country database
ca-certificates|file /etc/ssl/certs/ca-certificates.crt|lets npm make secure connections'

needs_tests='check|module check|runs the unit tests
clang|command clang|the second compiler that has to accept the sources
clang-format|command clang-format|checks the layout of the sources
mandoc|command mandoc|checks the manual page
python3|command python3|runs the property tests
gzip|command gzip|makes compressed logs for the tests
diffutils|command diff|compares the golden cases'

# Is the package $1, seen by the check "$2", there? (Self-made ones count as well.)
package_is_there() {
    # shellcheck disable=SC2016
    if command -v dpkg-query >/dev/null 2>&1 &&
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; then
        return 0
    fi
    case $2 in
    'command '*) command -v "${2#command }" >/dev/null 2>&1 ;;
    'module '*) pkg-config --exists "${2#module }" >/dev/null 2>&1 ;;
    'header '*) echo "#include <${2#header }>" | cc -E - >/dev/null 2>&1 ;;
    'file '*) test -e "${2#file }" ;;
    esac
}

# Prints those lines of the needs "$1" that are not met.
packages_missing() {
    printf '%s\n' "$1" | while IFS='|' read -r package check purpose; do
        package_is_there "$package" "$check" </dev/null ||
            printf '%s|%s|%s\n' "$package" "$check" "$purpose"
    done
}

# "    package             purpose" for each line of the needs "$1".
packages_explain() {
    printf '%s\n' "$1" | while IFS='|' read -r package check purpose; do
        printf '    %-18s %s (%s)\n' "$package" "$purpose" "$check"
    done
}

# Runs a command as root.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Installs what is missing of the needs "$1". Fails, with a sentence, when that cannot be done.
packages_install() {
    missing=$(packages_missing "$1")
    [ -n "$missing" ] || return 0
    names=$(printf '%s\n' "$missing" | cut -d'|' -f1 | tr '\n' ' ')
    echo "Missing on this machine:"
    packages_explain "$missing"
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "There is no apt-get here. Install these with your system's own package manager (the"
        echo "names are Debian's; in brackets is what has to be found), then run this again."
        return 1
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
        echo "Run this as root, then run $0 again:"
        echo "    apt-get update && apt-get install --no-install-recommends $names"
        return 1
    fi
    echo "Installing: $names"
    # shellcheck disable=SC2086
    if ! { packages_update && apt_get install $names; }; then
        echo "apt-get could not install these; its last words are above."
        return 1
    fi
}

# Shows what apt-get says only when it fails.
apt_get() {
    apt_said=$(as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" </dev/null 2>&1) || {
        printf '%s\n' "$apt_said"
        return 1
    }
}

# The lists of packages are brought up to date once in a run, and only when something is missing.
packages_updated=
packages_update() {
    [ -n "$packages_updated" ] || apt_get update || return 1
    packages_updated=yes
}

#!/bin/sh
# Installs, from the distribution and only where missing, what the tests need beside Python:
# a PostgreSQL server, strace, setpriv and curl; libfiu, for disks that fail, and a C compiler, for
# clocks that jump; Chromium, for pages, and a library that its driver's Node wants.
set -eu

missing=
have() { command -v "$1" >/dev/null 2>&1; }
have strace || missing="$missing strace"
have setpriv || missing="$missing util-linux"
have curl || missing="$missing curl"
have fiu-ctrl || missing="$missing fiu-utils libfiu0"
have cc || missing="$missing gcc libc6-dev"
have chromium || missing="$missing chromium"
[ -n "$(find /usr/lib /lib -name libatomic.so.1 2>/dev/null | head -n 1)" ] \
    || missing="$missing libatomic1"
if ! have initdb; then
    found=
    for program in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$program" ] && found=$program
    done
    [ -n "$found" ] || missing="$missing postgresql"
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif have sudo && sudo -n true 2>/dev/null; then
    as_root=sudo
else
    echo "Carnet: tests need packages that only root can install:" \
        "apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
if ! have apt-get; then
    echo "Carnet: tests need these programs (names of Debian packages):$missing" >&2
    exit 1
fi

echo "Installing what tests need from the distribution:$missing"
# The distribution would make and start a server of its own; the tests start theirs, on a private
# port, so it is told not to.
case "$missing" in *postgresql*)
    $as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" \
        | $as_root tee /etc/postgresql-common/createcluster.d/carnet-tests.conf >/dev/null ;;
esac
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null

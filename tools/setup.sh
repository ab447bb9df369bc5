#!/usr/bin/env bash
# Installs what is missing on a Debian 12 machine, as root or through sudo, and says what it does.
#
#   tools/setup.sh build     what the binaries and the demo need
#   tools/setup.sh up        build, and the PostgreSQL that `make up` starts
#   tools/setup.sh test      build, and what the tests need (PostgreSQL, GoogleTest, pinned npm tools)
#   tools/setup.sh image     what builds and tries out the container images
#   tools/setup.sh dev       test and image, and what `make check`, `make bench` and the fuzz targets need
#
# With everything in place it changes nothing and takes well under a second.
set -euo pipefail
cd "$(dirname "$0")/.."

build=(
  g++ cmake ninja-build ccache mold pkg-config git ca-certificates
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc libabsl-dev
  libhiredis-dev redis-server libpq-dev libsqlite3-dev
  libspdlog-dev libssl-dev libboost1.81-dev nlohmann-json3-dev libcli11-dev
  librandom123-dev prometheus-cpp-dev
)
up=(postgresql)
test=(libgtest-dev libgmock-dev postgresql python3 nodejs npm)
image=(mmdebstrap buildah podman runc catatonit uidmap)
dev=(clang clang-format clang-tidy libclang-rt-14-dev libbenchmark-dev python3-nltk shellcheck)

group=${1:-}
case "$group" in
  build) wanted=("${build[@]}") ;;
  up) wanted=("${build[@]}" "${up[@]}") ;;
  test) wanted=("${build[@]}" "${test[@]}") ;;
  image) wanted=("${build[@]}" "${image[@]}") ;;
  dev) wanted=("${build[@]}" "${test[@]}" "${image[@]}" "${dev[@]}") ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

# A tool that is there from another source (a newer Node.js with its own npm, say) is as good as Debian's package.
declare -A command_of=([nodejs]=node [npm]=npm [git]=git [cmake]=cmake [ninja-build]=ninja)
installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
missing=()
for package in "${wanted[@]}"; do
  grep -qxF "$package" <<<"$installed" && continue
  tool=${command_of[$package]:-}
  [ -n "$tool" ] && command -v "$tool" >/dev/null && continue
  missing+=("$package")
done

install_missing() {
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "setup: these packages are missing and there is neither root nor sudo: ${missing[*]}" >&2
      exit 1
    }
    root=(sudo)
  fi
  if ! grep -qs '^VERSION_ID="12"' /etc/os-release || ! grep -qs '^ID=debian' /etc/os-release; then
    echo "setup: this is not Debian 12; package names and versions may differ"
  fi
  echo "setup: installing ${#missing[@]} Debian packages: ${missing[*]}"
  # Redis and PostgreSQL are only needed as programs: tests and `make up` start their own. While packages are
  # installed a policy file keeps the services from starting; one that is already there is left alone.
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod 755 "$policy"
    # shellcheck disable=SC2064  # the values of now are meant
    trap "${root[*]} rm -f $policy" EXIT
  fi
  "${root[@]}" apt-get update -qq || echo "setup: apt-get update failed; going on with the package lists that are here"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a \
    apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null
  local service
  for service in redis-server postgresql; do
    if [[ " ${missing[*]} " == *" $service "* ]] && command -v systemctl >/dev/null; then
      "${root[@]}" systemctl disable "$service" >/dev/null 2>&1 && echo "setup: $service is installed and not started at boot"
    fi
  done
  return 0
}

if [ "${#missing[@]}" -gt 0 ]; then
  install_missing
fi

if [ "$group" = test ] || [ "$group" = dev ]; then
  # npm tools are pinned by package-lock.json; a copy of the lock beside them says which ones are installed.
  if ! cmp -s package-lock.json node_modules/.installed-lock; then
    echo "setup: installing the pinned npm tools into node_modules"
    npm ci --silent --no-audit --no-fund
    cp package-lock.json node_modules/.installed-lock
  fi
fi
echo "setup: everything for '$group' is in place"

#!/usr/bin/env bash
# Builds the three container images from Debian packages, with no registry and no container engine:
#   localhost/plumbline             every server, the client and data/; nothing else that can be left out
#   localhost/plumbline-redis       Redis, for the evaluation overlay
#   localhost/plumbline-postgresql  PostgreSQL, for the evaluation overlay
# Tag: the project's version. They land in the local container storage and as archives in build/images.
#   deploy/images/build.sh [plumbline|redis|postgresql]...     default: all three
# Needs root (package files keep their owners), and a package mirror that apt on this machine can reach.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
[ "$(id -u)" -eq 0 ] || { echo "images: run this as root (sudo -E deploy/images/build.sh)" >&2; exit 1; }
bin=${PLUMBLINE_BIN:-build/release/bin}
out=build/images
version=$(sed -n 's/^project(plumbline VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH
mkdir -p "$out"

# The Debian packages whose libraries the binaries are linked to.
library_packages() {
  local library
  ldd "$bin"/plumbline* | awk '$3 ~ /^\// { print $3 }' | sort -u | while read -r library; do
    # dpkg knows a library under /lib or under /usr/lib, depending on the age of its package.
    dpkg-query -S "$(readlink -f "$library")" 2>/dev/null || dpkg-query -S "$(readlink -f "$library" | sed 's|^/usr||')" 2>/dev/null ||
      { echo "images: $library belongs to no Debian package" >&2; exit 1; }
  done | cut -d: -f1 | sort -u
}

# rootfs <folder> <packages...>: files of the packages and what they depend on. They are unpacked, not configured: no
# package manager, no maintainer scripts and no set-user-id programs end up in an image.
rootfs() {
  local folder=$1 packages
  shift
  packages=$(IFS=,; echo "$*")
  rm -rf "$folder"
  mmdebstrap --quiet --variant=extract --include="$packages" --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    bookworm "$folder" >"$folder.log" 2>&1 || { cat "$folder.log" >&2; exit 1; }
  (
    cd "$folder"
    rm -rf dev boot home root srv var/{cache,lib/apt,lib/dpkg,log} etc/{init.d,logrotate.d,cron.d,default} usr/lib/systemd \
      usr/share/{doc,man,locale,info,lintian,bash-completion,bug,perl*} usr/bin/{perl*,debconf*,dpkg*} usr/lib/*-linux-gnu/perl*
    mkdir -p dev proc sys tmp run etc/plumbline usr/local/bin
    chmod 1777 tmp
  )
  find "$folder" -xdev -type f -perm /6000 -exec chmod ug-s {} +
  printf 'root:x:0:0:root:/:/usr/sbin/nologin\nplumbline:x:10001:10001:plumbline:/tmp:/usr/sbin/nologin\n' >"$folder/etc/passwd"
  printf 'root:x:0:\nplumbline:x:10001:\n' >"$folder/etc/group"
  ldconfig -r "$folder"
}

# image <name> <rootfs> <command...>: one layer, an unprivileged user, catatonit as init.
image() {
  local name=$1 folder=$2 container
  shift 2
  container=$(buildah from scratch)
  tar -C "$folder" --sort=name --numeric-owner -cf "$folder.tar" .  # a tar keeps owners, a copied folder does not
  buildah add --quiet "$container" "$folder.tar" / >/dev/null
  buildah config --user 10001:10001 --workingdir /tmp --stop-signal SIGTERM \
    --env PATH=/usr/local/bin:/usr/bin:/bin --env LANG=C.UTF-8 \
    --entrypoint '["/usr/bin/catatonit","--"]' --cmd "$*" \
    --label org.opencontainers.image.title="$name" --label org.opencontainers.image.version="$version" "$container"
  buildah commit --quiet --timestamp "$SOURCE_DATE_EPOCH" --rm "$container" "localhost/$name:$version" >/dev/null
  rm -f "$out/$name-$version.tar"
  buildah push --quiet "localhost/$name:$version" "oci-archive:$out/$name-$version.tar:localhost/$name:$version"
  echo "images: localhost/$name:$version ($(du -sm --apparent-size "$folder" | cut -f1) MB unpacked), $out/$name-$version.tar"
  rm -rf "$folder" "$folder.tar" "$folder.log"
}

build_plumbline() {
  local packages
  packages=$(library_packages)
  # Redis too: plumbline-standalone starts one of its own.
  # shellcheck disable=SC2086  # one package a word
  rootfs "$out/plumbline" $packages base-files libc-bin catatonit redis-server
  install -D -m 755 -t "$out/plumbline/usr/local/bin" "$bin"/plumbline*
  strip --strip-unneeded "$out"/plumbline/usr/local/bin/*
  mkdir -p "$out/plumbline/usr/share/plumbline"
  cp -r --no-preserve=ownership data/. "$out/plumbline/usr/share/plumbline/"
  chmod -R a+rX "$out/plumbline/usr/share/plumbline"
  image plumbline "$out/plumbline" plumbline --help
}

build_redis() {
  rootfs "$out/redis" base-files libc-bin dash coreutils grep catatonit redis-server
  install -m 755 "$here/redis-entrypoint" "$out/redis/usr/local/bin/"
  install -d -o 10001 -g 10001 "$out/redis/data"
  image plumbline-redis "$out/redis" redis-entrypoint
}

build_postgresql() {
  rootfs "$out/postgresql" base-files libc-bin dash coreutils sed catatonit postgresql-15 postgresql-client-15
  # Just-in-time compilation is a plug-in whose compiler is a third of the image.
  rm -rf "$out"/postgresql/usr/lib/postgresql/15/lib/{bitcode,llvmjit*} "$out"/postgresql/usr/lib/*-linux-gnu/lib{LLVM,z3}*
  install -m 755 "$here/postgresql-entrypoint" "$out/postgresql/usr/local/bin/"
  ln -s -t "$out/postgresql/usr/local/bin" /usr/lib/postgresql/15/bin/{postgres,initdb,pg_ctl,pg_isready,psql,pg_dump,pg_restore}
  install -d -o 10001 -g 10001 "$out/postgresql/var/lib/postgresql"
  image plumbline-postgresql "$out/postgresql" postgresql-entrypoint
}

for name in "${@:-plumbline redis postgresql}"; do
  for part in $name; do "build_$part"; done
done

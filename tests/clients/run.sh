#!/bin/sh
# run.sh SOURCE_FOLDER WORK_FOLDER VERSO DESCRIPTION: installs the clients that package-lock.json
# pins into the work folder and runs the test with them. 77: it cannot be run here.
set -eu
source=$1 work=$2 verso=$3 description=$4

skip() {
    echo "SKIPPED: $1"
    exit 77
}

for program in node npm; do
    command -v "$program" > /dev/null || skip "there is no $program on this machine"
done
node -e 'process.exit(Number.parseInt(process.versions.node) < 20 ? 1 : 0)' ||
    skip "the clients need node 20, this is $(node --version)"

mkdir -p "$work"
if ! cmp -s "$source/package-lock.json" "$work/installed"; then
    rm -f "$work/installed"
    cp "$source/package.json" "$source/package-lock.json" "$work"
    if ! (cd "$work" && npm ci --no-audit --no-fund --ignore-scripts); then
        npm ping > /dev/null 2>&1 || skip "the package registry cannot be reached"
        exit 1
    fi
    cp "$source/package-lock.json" "$work/installed"
fi
# Modules are looked up from where a program lies.
cp "$source"/*.mjs "$work"
exec node "$work/description_test.mjs" "$verso" "$description"

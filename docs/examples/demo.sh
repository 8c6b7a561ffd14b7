#!/usr/bin/env bash
# Shows what verso does, and what each step costs: demo.sh VERSO_BINARY [OPENAPI_FILE...]
# Without files it takes two releases of the made-up Harbour API. With files, each is taken as the
# release that follows the one before it. Everything is kept in a scratch folder, which goes away.
set -euo pipefail

[[ $# -gt 0 ]] || { echo "usage: demo.sh VERSO_BINARY [OPENAPI_FILE...]" >&2; exit 2; }
verso=$1
shift
examples=$(dirname "${BASH_SOURCE[0]}")
[[ $# -gt 0 ]] || set -- "$examples/harbour-1.0.0.json" "$examples/harbour-1.1.0.json"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export VERSO_STORE=$scratch/demo.store
unset VERSO_ORG
used_bytes=0

headline() { printf '\n== %s\n' "$*"; }

# Says by how much the store has grown since the last time. Units: KiB, as the store's pages have 4.
cost() {
    local now more
    now=$("$verso" stat --json | sed 's/.*"usedBytes":\([0-9]*\).*/\1/')
    more=$(((now - used_bytes) / 1024))
    printf '  [the store: %s KiB in use, ' $((now / 1024))
    if [[ $more -gt 0 ]]; then
        printf '%s KiB more]\n' "$more"
    else
        printf 'no more than before]\n'
    fi
    used_bytes=$now
}

say_command() { printf '$ verso'; printf ' %q' "$@"; printf '\n'; }

# Runs a command and shows the command line and what it prints, cut where it is long. The exit code
# 1 that says "refused" or "different" is part of the demonstration where $expected is 1.
expected=0
show() {
    local code=0 lines
    say_command "$@"
    "$verso" "$@" >"$scratch/out" 2>&1 || code=$?
    lines=$(wc -l <"$scratch/out")
    if [[ $lines -le 30 ]]; then
        sed 's/^/  /' "$scratch/out"
    else
        sed -n '1,26s/^/  /p' "$scratch/out"
        printf '  ... %s more lines ...\n' $((lines - 27))
        sed -n '$s/^/  /p' "$scratch/out"
    fi
    [[ $code -eq $expected ]] && return
    printf 'demo.sh: this was not to end with exit code %s\n' "$code" >&2
    exit 1
}

# `github-19.1.0.json` is release 19.1.0 of github, `api.json` one of api, called by its place.
name_releases() {
    local file base
    connection='' releases=()
    for file in "$@"; do
        base=$(basename "$file")
        base=${base%.*}
        if [[ $base =~ ^(.+)[-_]v?([0-9][0-9A-Za-z.+-]*)$ ]]; then
            connection=${connection:-${BASH_REMATCH[1]}}
            base=${BASH_REMATCH[2]}
        else
            connection=${connection:-$base}
            base=$((${#releases[@]} + 1)).0
        fi
        [[ " ${releases[*]-} " != *" $base "* ]] || base+=-$((${#releases[@]} + 1))
        releases+=("$base")
    done
}

import_releases() {
    local release previous='' at=0
    for release in "${releases[@]}"; do
        at=$((at + 1))
        if [[ -z $previous ]]; then
            headline "An OpenAPI document becomes a version"
            show import "$connection" "$release" "${!at}"
        else
            headline "The next release follows it: what did not change is shared"
            show import "$connection" "$release" "${!at}" --from "$previous"
            cost
            headline "What has changed from release to release"
            expected=1 show diff "$connection" "$previous" "$release"
        fi
        cost
        headline "Published, it stays as it is"
        show version publish "$connection" "$release"
        previous=$release
    done
}

# Puts another summary into an action's document, as an editor would.
edit() {
    local summary='"summary":"Edited in the demonstration"'
    if grep -q '"summary":"' "$1"; then
        sed -E "s/\"summary\":\"([^\"\\\\]|\\\\.)*\"/$summary/" "$1"
    else
        sed "s/^{/{$summary,/" "$1"
    fi
}

clone_and_edit() {
    local clone=${releases[-1]}-next action
    headline "A clone: a few small records, whatever the version holds"
    show version create "$connection" "$clone" --from latest
    cost
    headline "The same without waiting for the disk: what is left is the work itself"
    show version create "$connection" "$clone-2" --from latest --durability none
    show version delete "$connection" "$clone-2" --durability none
    cost

    "$verso" list "$connection" latest action --name-only >"$scratch/actions"
    action=$(sed -n 1p "$scratch/actions")
    if [[ -n $action ]]; then
        headline "One action of the clone is edited: its document and a few nodes are written"
        say_command get "$connection" "$clone" action "$action" && echo "  > action.json"
        "$verso" get "$connection" "$clone" action "$action" >"$scratch/action.json"
        edit "$scratch/action.json" >"$scratch/edited.json"
        say_command put "$connection" "$clone" action edited.json
        (cd "$scratch" && "$verso" put "$connection" "$clone" action edited.json) | sed 's/^/  /'
        cost
        headline "Only what differs is looked at"
        expected=1 show diff "$connection" latest "$clone"
        headline "What is published refuses edits"
        expected=1 show rm "$connection" latest action "$action"
    fi
    headline "The clone is published in its turn"
    show version publish "$connection" "$clone"
    cost
}

if embed=$(dirname "$verso")/embed && [[ -x $embed ]]; then
    headline "Inside a program of one's own (docs/examples/embed.cpp)"
    "$embed" | sed 's/^/  /'
fi
name_releases "$@"
import_releases "$@"
clone_and_edit
headline "All versions"
show version list "$connection"
headline "Every digest, node, document and counter is checked"
show verify
headline "What the store holds"
show stat

#!/usr/bin/env bash
# Takes a newer OpenAPI document into an application: says what changed, and generates the application's models anew.
#
#   update-models.sh NEW_DOCUMENT [DOCUMENT [PACKAGE]]
#
# DOCUMENT (default schema/openapi.yaml) is the document that the repository holds, PACKAGE (default src/acme_voice) the
# generated package. schema/overlay.yaml and schema/docs.yaml beside DOCUMENT are used when they are there. The changes are
# written as markdown to CHANGES (default schema-changes.md). Nothing in the repository changes when anything fails.
set -euo pipefail

new=${1:?usage: update-models.sh NEW_DOCUMENT [DOCUMENT [PACKAGE]]}
document=${2:-schema/openapi.yaml}
package=${3:-src/acme_voice}
changes=${CHANGES:-schema-changes.md}
python=${PYTHON:-python}

options=(--output "$package")
folder=$(dirname "$document")
if [[ -f $folder/overlay.yaml ]]; then options+=(--overlay "$folder/overlay.yaml"); fi
if [[ -f $folder/docs.yaml ]]; then options+=(--docs "$folder/docs.yaml"); fi

# The package states its document's name, so the new one is tried under the same name.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp "$new" "$scratch/$(basename "$document")"

"$python" -m realtime_typed codegen diff "$document" "$new" --format markdown >"$scratch/changes.md"
"$python" -m realtime_typed codegen --openapi "$scratch/$(basename "$document")" "${options[@]}"
cp "$scratch/changes.md" "$changes"
cp "$new" "$document"
"$python" -m realtime_typed codegen --openapi "$document" "${options[@]}" --check

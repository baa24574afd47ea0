#!/usr/bin/env bash
# Runs every golden case below a folder: scaffold, build, run. One tab-separated line a case: family/case, the largest error of
# outputs, gradients and training over what is allowed, then ok, off (what) or unsupported (which key). Folders that hold no model are
# passed over. Exit code 0: all are ok.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: bash tests/golden.sh FOLDER" >&2; exit 2; }
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet build tests/ModelCompiler.Golden -c Release --nologo -v q >&2
exec dotnet tests/ModelCompiler.Golden/bin/Release/net10.0/golden.dll "$folder"

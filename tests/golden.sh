#!/usr/bin/env bash
# Runs every golden case below a folder: scaffold, build, run. One tab-separated line a case: family/case, the largest error of
# outputs, gradients and training over what is allowed, then ok, off (what) or unsupported (which key). Folders that hold neither a
# model nor a loss are passed over. A loss of given features is known by what its config.json says (loss; VSE++'s margin, measure and
# max_violation; MoCo's K, T, m and mlp): one of two towers' vectors runs as an emitted model on the CPU, whose towers are given the rows of the
# unit matrix; any other, and MoCo with its queue, its copy and both of its runs, as a graph in double by the interpreter. Outputs that no pass
# forms by itself are passed over there, and named beside the verdict (not compared: logits): one way of two or a term of a sum (by ids, distillation), an
# anchor's own loss, scores with a queue and soft targets. Folders of a tokenizer print folder/file, calls, those with other answers, and the verdict, which names what is passed over and why; whole
# books of a digests.json have a line a tokenizer; vocabularies that lie
# elsewhere than in data/vocab beside or above are named by an option: a tokenizer's folder, or one of files that end in vocab.json (and merges.txt), vocab.txt or
# .txt.gz (CLIP's merges), of which the one that the answers are of is found; names of folders say nothing. Texts to train on lie in text beside them. Folders of pictures (cases.json, or
# preprocessor_config.json with outputs.safetensors) print folder, cases, the largest error over what is allowed, and the verdict; files that they
# name lie from a folder above, from data beside one, or from shared/data. Exit code 0: all are ok.
# Files cases.json of metrics print folder/file, cases, the largest error over what is allowed, and the verdict.
set -euo pipefail
[ $# -eq 1 ] || { [ $# -eq 3 ] && [ "$2" = --vocabularies ]; } || { echo "usage: bash tests/golden.sh FOLDER [--vocabularies FOLDER]" >&2; exit 2; }
arguments=("$(cd "$1" && pwd)")
[ $# -eq 1 ] || arguments+=(--vocabularies "$(cd "$3" && pwd)")
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet build tests/ModelCompiler.Golden -c Release --nologo -v q >&2
exec dotnet tests/ModelCompiler.Golden/bin/Release/net10.0/golden.dll "${arguments[@]}"

#!/usr/bin/env bash
# Writes Tiles512.cs, Tiles256.cs and Tiles128.cs: the inner loops of matrix products, with every sum in a register of its own.
# usage: bash make-tiles.sh, in this folder
tile() { # rows, bits, form: Packed (a[k lda + row]) or Rows (a[row lda + k])
  local rows=$1 bits=$2 form=$3 vector="Vector$2" lanes=$(($2 / 32)) groups=$((($1 + 2) / 3))
  local at; [ "$form" = Packed ] && at="a[k lda + row]" || at="a[row lda + k]"
  echo "    /// <summary>c [$rows, $((2 * lanes))] (+)= sum over k of $at b[k ldb + column].</summary>"
  echo "    [MethodImpl(MethodImplOptions.AggressiveOptimization)]"
  echo "    public static void $form(int depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, bool adds)"
  echo "    {"
  for ((i = 0; i < rows; i++)); do
    echo "        var p$i = $vector<float>.Zero;"
    echo "        var q$i = $vector<float>.Zero;"
  done
  if [ "$bits" != 128 ]; then
    echo "        for (var i = 0; i < $rows; i++)"
    echo "        {"
    for ((j = 0; j < 2 * lanes; j += 16)); do echo "            Sse.Prefetch0(c + (i * ldc)$([ "$j" = 0 ] || echo " + $j"));"; done
    echo "        }"
    echo
  fi
  if [ "$form" = Rows ]; then
    for ((g = 0; g < groups; g++)); do echo "        var a$g = a + ($((3 * g)) * lda);"; done
    echo "        var twice = 2 * lda;"
  fi
  echo "        do"
  echo "        {"
  echo "            var u = $vector.Load(b);"
  echo "            var v = $vector.Load(b + $lanes);"
  echo "            b += ldb;"
  echo "            $vector<float> x;"
  for ((i = 0; i < rows; i++)); do
    if [ "$form" = Packed ]; then from="a[$i]"; else case $((i % 3)) in 0) from="a$((i / 3))[0]" ;; 1) from="a$((i / 3))[lda]" ;; 2) from="a$((i / 3))[twice]" ;; esac; fi
    echo "            x = $vector.Create($from);"
    echo "            p$i = $vector.FusedMultiplyAdd(x, u, p$i);"
    echo "            q$i = $vector.FusedMultiplyAdd(x, v, q$i);"
  done
  if [ "$form" = Packed ]; then echo "            a += lda;"; else for ((g = 0; g < groups; g++)); do echo "            a$g++;"; done; fi
  echo "        }"
  echo "        while (--depth > 0);"
  echo
  echo "        if (adds)"
  echo "        {"
  for ((i = 0; i < rows; i++)); do
    echo "            p$i += $vector.Load(c + ($i * ldc));"
    echo "            q$i += $vector.Load(c + ($i * ldc) + $lanes);"
  done
  echo "        }"
  echo
  for ((i = 0; i < rows; i++)); do
    echo "        p$i.Store(c + ($i * ldc));"
    echo "        q$i.Store(c + ($i * ldc) + $lanes);"
  done
  echo "    }"
}
file() { # rows, bits, registers
  echo "// Written by make-tiles.sh."
  echo "using System.Runtime.CompilerServices;"
  echo "using System.Runtime.Intrinsics;"
  [ "$2" = 128 ] || echo "using System.Runtime.Intrinsics.X86;"
  echo
  echo "namespace ModelCompiler.Runtime.Cpu;"
  echo
  echo "/// <summary>Tiles of $1 rows by 2 vectors of $(($2 / 32)): $((2 * $1)) sums, 2 of b and 1 of a fill $((2 * $1 + 3)) of $3 registers.</summary>"
  echo "internal static unsafe class Tiles$2"
  echo "{"
  tile "$1" "$2" Packed
  echo
  tile "$1" "$2" Rows
  echo "}"
}
file 12 512 32 > Tiles512.cs
file 6 256 16 > Tiles256.cs
file 6 128 16 > Tiles128.cs

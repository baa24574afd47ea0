#!/usr/bin/env bash
# Writes Tiles.cs: the inner loops of matrix products, 12 or 6 rows by 2 vectors, with every sum in a register.
# usage: bash make-tiles.sh > Tiles.cs
tile() {
  local rows=$1
  echo "    /// <summary>$rows rows by 2 vectors: c (+)= sum over k of a[k lda + row] b[k 2 lanes + column].</summary>"
  echo "    [MethodImpl(MethodImplOptions.AggressiveOptimization)]"
  echo "    public static void Rows$rows<V>(int k, float* a, nint lda, float* b, float* c, nint ldc, bool accumulate)"
  echo "        where V : unmanaged, ISimd<V>"
  echo "    {"
  for ((i = 0; i < rows; i++)); do echo "        V c${i}0 = V.Zero, c${i}1 = V.Zero;"; done
  echo "        do"
  echo "        {"
  echo "            var b0 = V.Load(b);"
  echo "            var b1 = V.Load(b + V.Lanes);"
  echo "            b += 2 * V.Lanes;"
  echo "            V x;"
  for ((i = 0; i < rows; i++)); do
    echo "            x = V.Create(a[$i]);"
    echo "            c${i}0 = V.MultiplyAdd(x, b0, c${i}0);"
    echo "            c${i}1 = V.MultiplyAdd(x, b1, c${i}1);"
  done
  echo "            a += lda;"
  echo "        }"
  echo "        while (--k > 0);"
  echo
  echo "        if (accumulate)"
  echo "        {"
  for ((i = 0; i < rows; i++)); do
    echo "            c${i}0 += V.Load(c + ($i * ldc));"
    echo "            c${i}1 += V.Load(c + ($i * ldc) + V.Lanes);"
  done
  echo "        }"
  echo
  for ((i = 0; i < rows; i++)); do
    echo "        V.Store(c + ($i * ldc), c${i}0);"
    echo "        V.Store(c + ($i * ldc) + V.Lanes, c${i}1);"
  done
  echo "    }"
}
cat <<'H'
// Written by make-tiles.sh.
using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Inner loops of matrix products. 24 sums, 2 of b and 1 of a fill 27 of AVX-512's 32 registers; 12 sums fill 15 of the 16 of the others.</summary>
internal static unsafe class Tiles
{
H
tile 12
echo
tile 6
echo "}"

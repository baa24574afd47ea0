using System.Runtime.InteropServices;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Tests.Cpu;

/// <summary>Vectors of every width lane by lane against plain floats.</summary>
public sealed unsafe class SimdTests
{
    // No vector has more lanes; values that are easy to tell apart, and to add exactly.
    private const int Most = 16;
    private static readonly float[] s_values = [.. Enumerable.Range(0, Most).Select(static i => (i * 7 % 16) - 5.5f)];

    [Fact]
    public void Arithmetic_is_that_of_floats() => Vectors.ForEach(default(Arithmetic));

    [Fact]
    public void Counted_loads_and_stores_touch_nothing_behind() => Vectors.ForEach(default(Counted));

    [Fact]
    public void Counted_loads_and_stores_work_at_the_end_of_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no way to forbid memory here");
        using var edge = new EdgeOfMemory();
        Vectors.ForEach(new AtTheEdge(edge.End));
    }

    [Fact]
    public void Lanes_are_replaced_from_a_count_on() => Vectors.ForEach(default(Firsts));

    [Fact]
    public void Sums_are_made_in_one_order() => Vectors.ForEach(default(Sums));

    [Fact]
    public void The_largest_lane_is_found_wherever_it_is() => Vectors.ForEach(default(Largests));

    [Fact]
    public void One_lane_is_hot_or_none() => Vectors.ForEach(default(Hot));

    [Fact]
    public void Powers_of_two_are_exact() => Vectors.ForEach(default(Powers));

    [Fact]
    public void Narrow_elements_are_loaded_exactly_and_stored_to_the_nearest() => Vectors.ForEach(default(Narrows));

    private static float[] Lanes<V>(V vector)
        where V : unmanaged, ISimd<V>
    {
        var lanes = new float[V.Lanes];
        fixed (float* to = lanes)
        {
            V.Store(to, vector);
        }

        return lanes;
    }

    private static V Vector<V>(params float[] values)
        where V : unmanaged, ISimd<V>
    {
        fixed (float* from = values)
        {
            return V.Load(from);
        }
    }

    private readonly struct Arithmetic : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            float[] others = [.. Enumerable.Range(0, Most).Select(static i => (i * 5 % 16) + 0.25f)];
            var (a, b) = (Vector<V>(s_values), Vector<V>(others));
            Each(a + b, static (x, y) => x + y);
            Each(a - b, static (x, y) => x - y);
            Each(a * b, static (x, y) => x * y);
            Each(a / b, static (x, y) => x / y);
            Each(-a, static (x, _) => -x);
            Each(V.MultiplyAdd(a, b, b), static (x, y) => MathF.FusedMultiplyAdd(x, y, y));
            Each(V.Max(a, b), MathF.Max);
            Each(V.Min(a, b), MathF.Min);
            Each(V.Abs(a), static (x, _) => MathF.Abs(x));
            Each(V.Sqrt(b), static (_, y) => MathF.Sqrt(y));
            Each(V.Round(a), static (x, _) => MathF.Round(x)); // halves to even
            Each(V.Where(a, b, a, V.Zero), static (x, y) => x > y ? x : 0);
            Each(V.Create(2.5f), static (_, _) => 2.5f);

            void Each(V vector, Func<float, float, float> expected) =>
                Assert.Equal(s_values.Zip(others, expected).Take(V.Lanes), Lanes(vector));
        }
    }

    private readonly struct Counted : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            for (var count = 1; count <= V.Lanes + 3; count++)
            {
                var some = Math.Min(count, V.Lanes);
                fixed (float* from = s_values)
                {
                    Assert.Equal([.. s_values[..some], .. new float[V.Lanes - some]], Lanes(V.Load(from, count)));
                }

                // A value on either side that nothing may change.
                var memory = new float[Most + 2];
                Array.Fill(memory, float.NaN);
                fixed (float* to = memory)
                {
                    V.Store(to + 1, Vector<V>(s_values), count);
                }

                Assert.Equal([float.NaN, .. s_values[..some], .. Enumerable.Repeat(float.NaN, Most + 1 - some)], memory);
            }
        }
    }

    // Every 16 bits there are, and floats on, beside and halfway between them.
    private readonly struct Narrows : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            var narrow = stackalloc BFloat16[Most + 1];
            var values = stackalloc float[Most];
            for (var upper = 0u; upper <= 0xFFFF; upper += (uint)V.Lanes)
            {
                foreach (var lower in new[] { 0u, 1u, 0x7FFFu, 0x8000u, 0x8001u, 0xFFFFu })
                {
                    for (var i = 0u; i < V.Lanes; i++)
                    {
                        values[i] = BitConverter.UInt32BitsToSingle(((upper + i) << 16) | lower);
                        narrow[i + 1] = (BFloat16)1f;
                    }

                    var count = 1 + (int)(upper / V.Lanes % V.Lanes);
                    V.Store(narrow, V.Load(values), count);
                    var (loaded, rounded) = (Lanes(V.Load(narrow, count)), Lanes(V.RoundToBFloat16(V.Load(values))));
                    for (var i = 0; i < V.Lanes; i++)
                    {
                        var expected = (float)Narrow.Round(values[i]);
                        Assert.True(Same(expected, (float)(BFloat16)values[i]) && Same(expected, rounded[i]), $"{values[i]:R}");
                        Assert.True(i < count ? Same(expected, loaded[i]) : loaded[i] == 0f && (float)narrow[i + 1] == 1f, $"{values[i]:R} in lane {i} of {count}");
                    }
                }
            }
        }

        private static bool Same(float a, float b) => float.IsNaN(a) ? float.IsNaN(b) : BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);
    }

    private readonly struct AtTheEdge(nint end) : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            for (var count = 1; count <= V.Lanes; count++)
            {
                var at = (float*)end - count;
                V.Store(at, Vector<V>(s_values), count);
                Assert.Equal([.. s_values[..count], .. new float[V.Lanes - count]], Lanes(V.Load(at, count)));
            }
        }
    }

    private readonly struct Firsts : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            for (var count = 0; count <= V.Lanes + 1; count++)
            {
                var some = Math.Min(count, V.Lanes);
                Assert.Equal([.. s_values[..some], .. Enumerable.Repeat(-1e30f, V.Lanes - some)], Lanes(V.First(Vector<V>(s_values), count, -1e30f)));
            }
        }
    }

    private readonly struct Sums : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            var random = new Random(1);
            for (var i = 0; i < 1000; i++)
            {
                float[] values = [.. Enumerable.Range(0, Most).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(8))))];
                Assert.Equal(Pairwise(values[..V.Lanes]), V.Sum(Vector<V>(values)));
            }
        }

        private static float Pairwise(float[] values) => values.Length == 1 ? values[0] : Pairwise(values[..(values.Length / 2)]) + Pairwise(values[(values.Length / 2)..]);
    }

    private readonly struct Largests : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            for (var lane = 0; lane < V.Lanes; lane++)
            {
                var values = new float[Most];
                Array.Fill(values, -3f);
                values[lane] = -2f;
                Assert.Equal(-2f, V.Largest(Vector<V>(values)));
            }
        }
    }

    private readonly struct Hot : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            foreach (var lane in new long[] { long.MinValue, -1, 0, 1, V.Lanes - 1, V.Lanes, 1L << 32, long.MaxValue })
            {
                Assert.Equal(Enumerable.Range(0, V.Lanes).Select(i => i == lane ? 1f : 0f), Lanes(Lane.OneHot<V>(lane)));
            }
        }
    }

    private readonly struct Powers : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            for (var n = -250; n <= 250; n++)
            {
                Assert.Equal((float)(1.5 * Math.Pow(2, n)), Lanes(V.Scale(V.Create(1.5f), V.Create(n)))[0]);
            }

            for (var n = -126; n <= 127; n++)
            {
                foreach (var mantissa in new[] { 1f, 1.5f, 1.9999999f })
                {
                    Assert.Equal(n, Lanes(V.Exponent(V.Create(mantissa * MathF.Pow(2, n))))[0]);
                }
            }

            float[] table = [.. Enumerable.Range(0, Most).Select(static i => i * i + 0.5f)];
            fixed (float* from = table)
            {
                for (var shift = 0; shift < Most; shift++)
                {
                    float[] indices = [.. Enumerable.Range(0, Most).Select(i => (float)((i + shift) % Most))];
                    Assert.Equal(indices.Take(V.Lanes).Select(i => table[(int)i]), Lanes(V.Lookup(from, Vector<V>(indices))));
                }
            }
        }
    }

    /// <summary>Two pages of memory of which nobody may touch the second: who does, ends the process.</summary>
    private sealed class EdgeOfMemory : IDisposable
    {
        private const int ReadWrite = 3, PrivateAnonymous = 0x22;
        private readonly nint _start = mmap(0, 2 * (nuint)Environment.SystemPageSize, ReadWrite, PrivateAnonymous, -1, 0);

        public EdgeOfMemory()
        {
            Assert.NotEqual(-1, _start);
            Assert.Equal(0, mprotect(End, (nuint)Environment.SystemPageSize, 0));
        }

        public nint End => _start + Environment.SystemPageSize;

        public void Dispose() => Assert.Equal(0, munmap(_start, 2 * (nuint)Environment.SystemPageSize));

        [DllImport("libc")]
        private static extern nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

        [DllImport("libc")]
        private static extern int mprotect(nint address, nuint length, int protection);

        [DllImport("libc")]
        private static extern int munmap(nint address, nuint length);
    }
}

using CsCheck;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Tests.Cpu;

/// <summary>Which elements dropout keeps: by element alone, as often as it should, and each time anew.</summary>
public sealed class DropoutTests
{
    [Theory]
    [InlineData(0.0f)]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    [InlineData(0.999f)]
    public void As_many_are_dropped_as_the_probability_says(float probability)
    {
        const int Count = 400_000;
        var scales = new float[Count];
        new DropoutKey(3, 5, 7, probability).Fill(scales, 0);
        var dropped = scales.Count(static s => s == 0);
        Assert.InRange(dropped, (probability * Count) - (5 * Math.Sqrt(Count * probability * (1 - probability))), (probability * Count) + (5 * Math.Sqrt(Count * probability * (1 - probability))));
        Assert.All(scales.Distinct(), s => Assert.Contains(s, new[] { 0f, 1 / (1 - probability) }));
    }

    [Fact]
    public void An_element_s_fate_depends_on_nothing_around_it() => Gen.Select(Gen.ULong, Gen.Long[0, 1L << 40], Gen.Int[1, 40]).Sample(static (seed, first, count) =>
    {
        var key = new DropoutKey(seed, 2, 3, 0.5f);
        var scales = new float[count];
        key.Fill(scales, first);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(key.Keep(first + i), scales[i]);
        }
    }, iter: 200);

    [Fact]
    public void Every_width_of_vectors_keeps_the_same_elements() => Gen.Select(Gen.ULong, Gen.Long[0, 1L << 40]).Sample(static (seed, first) =>
    {
        var key = new DropoutKey(seed, 2, 3, 0.3f);
        var expected = new float[16];
        key.Fill(expected, first);
        Vectors.ForEach(new Kept(key, first, expected));
    }, iter: 100);

    [Fact]
    public void Seeds_steps_and_sites_are_independent()
    {
        const int Count = 100_000;
        var first = Pattern(new DropoutKey(1, 1, 1, 0.5f));
        foreach (var other in new[] { new DropoutKey(2, 1, 1, 0.5f), new DropoutKey(1UL << 32 | 1, 1, 1, 0.5f), new DropoutKey(1, 2, 1, 0.5f), new DropoutKey(1, 1, 2, 0.5f) })
        {
            var same = first.Zip(Pattern(other)).Count(static p => p.First == p.Second);
            Assert.InRange(same, (Count / 2) - 800, (Count / 2) + 800);
        }

        float[] Pattern(DropoutKey key)
        {
            var scales = new float[Count];
            key.Fill(scales, 1L << 34); // beyond 2^32 draws of four
            return scales;
        }
    }

    private readonly struct Kept(DropoutKey key, long first, float[] expected) : IVectorTest
    {
        public unsafe void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            for (var i = 0; i < 16; i += V.Lanes)
            {
                var lanes = new float[V.Lanes];
                fixed (float* to = lanes)
                {
                    V.Store(to, V.Keep(key, first + i));
                }

                Assert.Equal(expected[i..(i + V.Lanes)], lanes);
            }
        }
    }
}

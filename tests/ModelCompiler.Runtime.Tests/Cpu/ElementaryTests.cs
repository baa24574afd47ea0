using ModelCompiler.Compiler.Ir.Scalars;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Tests.Cpu;

/// <summary>Elementary functions of vectors against double precision, at every width; all widths give the same bits.</summary>
public sealed unsafe class ElementaryTests
{
    private const float Inf = float.PositiveInfinity;

    // Largest errors over the values of a range, a little above what was measured: in units of the last place of the result, or absolute.
    private static readonly Case[] s_cases =
    [
        new("exp", static x => Math.Exp(x), -103, 88.7, Ulps: 0.9),
        new("log", static x => Math.Log(x), 0.25, 4, Ulps: 0.9),
        new("tanh", static x => Math.Tanh(x), -12, 12, Ulps: 1.4),
        new("sigmoid", static x => 1 / (1 + Math.Exp(-x)), -87, 87, Ulps: 2.5),
        new("erf", static x => SpecialFunctions.Erf(x), -6, 6, Absolute: 9e-8),
        new("gelu", static x => x * SpecialFunctions.NormalCdf(x), -12, 12, Absolute: 7e-8),
        new("gelu slope", static x => SpecialFunctions.NormalCdf(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)), -12, 12, Absolute: 1.3e-7),
        new("gelu tanh", static x => x / (1 + Math.Exp(-TwiceArgument(x))), -12, 12, Absolute: 1.7e-7),
        new("gelu tanh slope", TanhSlope, -12, 12, Absolute: 3e-7),
    ];

    public static TheoryData<string> Names => new(s_cases.Select(static c => c.Name));

    [Theory, MemberData(nameof(Names))]
    public void Errors_are_within_the_bounds(string name) => Vectors.ForEach(new Dense(s_cases.Single(c => c.Name == name)));

    [Fact]
    public void Logarithms_of_all_normal_numbers_are_right() => Vectors.ForEach(new Wide());

    [Fact]
    public void Special_values_are_right()
    {
        Values("exp", (0, 1), (-0f, 1), (1, MathF.E), (88.72f, MathF.Exp(88.72f)), (89, Inf), (1e30f, Inf), (Inf, Inf), (-105, 0), (-1e30f, 0), (-Inf, 0), (1e-40f, 1));
        Values("log", (1, 0), (2, MathF.Log(2)));
        Values("tanh", (0, 0), (-0f, -0f), (Inf, 1), (-Inf, -1), (1e-40f, 1e-40f), (20, 1), (float.MaxValue, 1), (float.MinValue, -1));
        Values("sigmoid", (0, 0.5f), (Inf, 1), (-Inf, 0), (200, 1), (-200, 0), (float.MaxValue, 1), (float.MinValue, 0));
        Values("erf", (Inf, 1), (-Inf, -1), (float.MaxValue, 1), (float.MinValue, -1));
        Values("gelu", (0, 0), (Inf, Inf), (float.MaxValue, float.MaxValue), (float.MinValue, 0), (-Inf, 0), (1e-40f, 0));
        Values("gelu slope", (0, 0.5f), (Inf, 1), (-Inf, 0), (float.MaxValue, 1), (float.MinValue, 0), (1e13f, 1), (-1e13f, 0));
        Values("gelu tanh", (0, 0), (Inf, Inf), (float.MaxValue, float.MaxValue), (float.MinValue, 0), (1e13f, 1e13f));
        Values("gelu tanh slope", (0, 0.5f), (Inf, 1), (-Inf, 0), (float.MaxValue, 1), (float.MinValue, 0), (1e13f, 1), (-1e13f, 0));

        static void Values(string name, params (float X, float Y)[] values) => Vectors.ForEach(new Special(name, values));
    }

    [Theory, MemberData(nameof(Names))]
    public void NaN_stays_NaN_in_its_lane(string name) => Vectors.ForEach(new NaNs(name));

    private static double TwiceArgument(double x) => 2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));

    private static double TanhSlope(double x)
    {
        var e = Math.Exp(-Math.Abs(TwiceArgument(x)));
        return ((x > 0 ? 1 : e) / (1 + e)) + (x * e / ((1 + e) * (1 + e)) * 2 * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x)));
    }

    private static V Apply<V>(string name, V x)
        where V : unmanaged, ISimd<V> => name switch
        {
            "exp" => V.Exp(x),
            "log" => V.Log(x),
            "tanh" => V.Tanh(x),
            "sigmoid" => V.Sigmoid(x),
            "erf" => V.Erf(x),
            "gelu" => V.Gelu(x),
            "gelu slope" => V.GeluSlope(x),
            "gelu tanh" => V.GeluTanh(x),
            _ => V.GeluTanhSlope(x),
        };

    // Values of a function for numbers that fill vectors of any width.
    private static float[] Apply<V>(string name, float[] values)
        where V : unmanaged, ISimd<V>
    {
        var results = new float[values.Length];
        fixed (float* from = values, to = results)
        {
            for (var i = 0; i < values.Length; i += V.Lanes)
            {
                V.Store(to + i, Apply(name, V.Load(from + i)));
            }
        }

        return results;
    }

    private static void Check<V>(Case c, float[] values)
        where V : unmanaged, ISimd<V>
    {
        var results = Apply<V>(c.Name, values);
        for (var i = 0; i < values.Length; i++)
        {
            var expected = c.Function(values[i]);
            var size = Math.Abs((float)expected);
            var allowed = c.Absolute > 0 ? c.Absolute * Math.Max(1, size) : c.Ulps * (MathF.BitIncrement(size) - size);
            Assert.True(Math.Abs(results[i] - expected) <= allowed, $"{typeof(V).Name} {c.Name}({values[i]:R}) = {results[i]:R}, {expected:R} expected");
        }

        Assert.Equal(Apply<Simd128>(c.Name, values), results);
    }

    private sealed record Case(string Name, Func<double, double> Function, double From, double To, double Ulps = 0, double Absolute = 0);

    private sealed class Dense(Case c) : IVectorTest
    {
        private readonly float[] _values = [.. Enumerable.Range(0, 1 << 16).Select(i => (float)(c.From + ((c.To - c.From) * i / (1 << 16))))];

        public void Run<V>()
            where V : unmanaged, ISimd<V> => Check<V>(c, _values);
    }

    private sealed class Wide : IVectorTest
    {
        // Every exponent, and mantissas around the place where the interval changes.
        private readonly float[] _values = [.. Enumerable.Range(1, 254).SelectMany(static e => Enumerable.Range(0, 64).Select(m => BitConverter.Int32BitsToSingle((e << 23) | (m * 131072) | (m % 7))))];

        public void Run<V>()
            where V : unmanaged, ISimd<V> => Check<V>(new Case("log", static x => Math.Log(x), 0, 0, Ulps: 0.9), [.. _values, float.MaxValue, BitConverter.Int32BitsToSingle(1 << 23), .. Enumerable.Repeat(1f, 14)]);
    }

    private sealed class Special(string name, (float X, float Y)[] values) : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            var results = Apply<V>(name, [.. values.Select(static v => v.X), .. Enumerable.Repeat(1f, 16 - (values.Length % 16))]);
            for (var i = 0; i < values.Length; i++)
            {
                var (x, y) = values[i];
                Assert.True(results[i] == y || Math.Abs(results[i] - y) <= 1e-7f * Math.Max(1, Math.Abs(y)), $"{typeof(V).Name} {name}({x}) = {results[i]}, {y} expected");
            }
        }
    }

    private sealed class NaNs(string name) : IVectorTest
    {
        public void Run<V>()
            where V : unmanaged, ISimd<V>
        {
            for (var lane = 0; lane < 16; lane++)
            {
                var values = new float[16];
                Array.Fill(values, 1f);
                var expected = Apply<V>(name, values);
                values[lane] = float.NaN;
                expected[lane] = float.NaN;
                Assert.Equal(expected, Apply<V>(name, values));
            }
        }
    }
}

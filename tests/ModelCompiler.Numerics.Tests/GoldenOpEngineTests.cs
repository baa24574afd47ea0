using ModelCompiler.Compiler.Emit.Cpu;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Single calls stored by a reference implementation, repeated on the CPU engine.</summary>
[Trait("suite", "golden")]
public sealed class GoldenOpEngineTests
{
    // What dropout drops is given in the file, but drawn by the engine.
    private static readonly IReadOnlyDictionary<string, GoldenOpBuilder> s_calls = GoldenOps.Calls().Where(static c => c.Value.Numbers.Kept is null).ToDictionary();

    private static readonly Lazy<HostedOps> s_ops = new(static () => new HostedOps(s_calls.Select(static c => KeyValuePair.Create(c.Key, c.Value.Program())), CpuDialect.Instance));

    public static TheoryData<string, InstructionSet> Calls => new(s_calls.Keys.SelectMany(static _ => Enum.GetValues<InstructionSet>(), static (name, set) => (name, set)));

    [Theory, MemberData(nameof(Calls))]
    public void Engine_repeats_the_stored_call(string name, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        var result = s_ops.Value.Run(name, new CpuDevice(2, set));
        var outputs = result.Outputs.ToDictionary(static o => o.Key, static o => Doubles(o.Value));
        foreach (var (tensor, expected, actual) in s_calls[name].Compare(outputs, result.Gradients.ToDictionary(static g => g.Key.Parameter.Name, static g => Doubles(g.Value))))
        {
            Assert.Null(Difference(s_calls[name].File, tensor, expected, actual));
        }
    }

    // The root mean square is what the files' tolerances are parts of; where the truth is 0, they are numbers themselves.
    private static string? Difference(GoldenOpFile file, string tensor, double[] expected, double[] actual)
    {
        var finite = expected.Where(double.IsFinite).ToArray();
        var root = Math.Sqrt(finite.Sum(static v => v * v) / Math.Max(1, finite.Length));
        var allowed = file.FloatTolerance(tensor) * (root == 0 ? 1 : root);
        var worst = Enumerable.Range(0, expected.Length).Where(i => expected[i] != actual[i]).Select(i => (At: i, Off: Math.Abs(expected[i] - actual[i])))
            .OrderByDescending(static e => double.IsNaN(e.Off) ? double.PositiveInfinity : e.Off).FirstOrDefault();
        return worst.Off <= allowed ? null : $"{tensor}[{worst.At}] is {actual[worst.At]}, {expected[worst.At]} expected: off by {worst.Off:E1}, {allowed:E1} allowed";
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, static v => (double)v);
}

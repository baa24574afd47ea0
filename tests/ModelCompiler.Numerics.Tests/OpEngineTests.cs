using System.Collections.Concurrent;
using ModelCompiler.Compiler.Emit.Cpu;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Every row of the table of ops on the CPU engine against the interpreter: every width of vectors, one thread and more.</summary>
public sealed class OpEngineTests
{
    // What these two are made of is all that the others are.
    private static readonly OpSetting[] s_settings = [OpSetting.Twice, OpSetting.Recomputed];

    private static readonly Lazy<HostedOps> s_ops = new(static () => new HostedOps(
        from row in OpCases.All
        from setting in s_settings
        select KeyValuePair.Create(Name(row.Key, setting), row.Value.In(setting)), CpuDialect.Instance));

    // The same at every width.
    private static readonly ConcurrentDictionary<string, Lazy<InterpreterResult>> s_expected = [];

    public static TheoryData<string, InstructionSet> Cases => new(OpCases.All.Keys.SelectMany(static _ => Enum.GetValues<InstructionSet>(), static (name, set) => (name, set)));

    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_the_interpreter_in_every_setting(string name, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        foreach (var setting in s_settings)
        {
            var program = s_ops.Value.Program(Name(name, setting));
            var expected = s_expected.GetOrAdd(Name(name, setting), static n => new(() => s_ops.Value.Program(n).Run())).Value;
            var tolerance = Tolerances.Float(program.LongestSum);
            OpResult? first = null;
            foreach (var threads in new[] { 1, 2, 3 })
            {
                var actual = s_ops.Value.Run(Name(name, setting), new CpuDevice(threads, set));
                first ??= actual;
                foreach (var (output, values) in expected.Outputs)
                {
                    Assert.Null(Comparison.Of(values, Doubles(actual.Outputs[output]), tolerance, $"{setting}: {output}", output == "loss" ? program.LossScale : Tolerances.Floor));
                    Assert.Equal(first.Outputs[output], actual.Outputs[output]);
                }

                foreach (var (key, values) in expected.Gradients)
                {
                    Assert.Null(Comparison.Of(values, Doubles(actual.Gradients[key]), tolerance, $"{setting}: gradient of {key.Parameter.Name} of layer {key.Layer}"));
                    Assert.Equal(first.Gradients[key], actual.Gradients[key]);
                }
            }
        }
    }

    private static string Name(string row, OpSetting setting) => $"{row}, {setting}";

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, static v => (double)v);
}

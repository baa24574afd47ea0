using ModelCompiler.Compiler.Emit.Cpu;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Every row of the table of ops in mixed precision against the interpreter, which rounds what is stored and multiplied.</summary>
public sealed class MixedOpTests
{
    private static readonly OpSetting[] s_settings = [OpSetting.Twice];

    private static readonly Lazy<HostedOps> s_ops = new(static () => new HostedOps(
        from row in OpCases.All
        from setting in s_settings
        select KeyValuePair.Create($"{row.Key}, {setting}", row.Value.In(setting, mixed: true)), CpuDialect.Instance));

    [Theory, InlineData(InstructionSet.Vector128), InlineData(InstructionSet.Vector256), InlineData(InstructionSet.Vector512)]
    public void Agrees_with_the_interpreter_but_for_a_few_steps(InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        var steps = new NarrowSteps();
        foreach (var name in s_ops.Value.Names)
        {
            var program = s_ops.Value.Program(name);
            var first = s_ops.Value.Run(name, new CpuDevice(1, set));
            var again = s_ops.Value.Run(name, new CpuDevice(3, set));
            Assert.All(first.Outputs, o => Assert.Equal(o.Value, again.Outputs[o.Key]));
            Assert.All(first.Gradients, g => Assert.Equal(g.Value, again.Gradients[g.Key]));
            steps.Compare(program, program.Run(), first, Tolerances.Float(program.LongestSum), name);
        }

        steps.AreFew();
    }
}

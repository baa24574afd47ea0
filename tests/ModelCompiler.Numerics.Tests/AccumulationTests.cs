using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Emitted models: the gradients of several batches of a step add up.</summary>
public sealed class AccumulationTests
{
    // Dropout draws anew for each batch of a step; pairs are told from those of their batch.
    public static TheoryData<string> Cases => new(ModelCases.OfSamples.Where(static n => !new InterpretedModel(n).HasDropout));

    [Theory, MemberData(nameof(Cases))]
    public void Two_halves_of_a_batch_equal_the_batch(string name)
    {
        var data = new InterpretedModel(name, batch: 2);
        using var whole = EngineModels.Create(EngineModels.Of(name), data, new CpuDevice(2));
        using var halves = EngineModels.Create(EngineModels.Of(name), data, new CpuDevice(2));
        EngineModels.SetInputs(whole, data);
        var loss = whole.Core.ComputeGradients(2, data.Lengths, accumulate: false);

        // A step before this one leaves gradients behind, which must not be added to.
        EngineModels.SetInputs(halves, data);
        halves.Core.ComputeGradients(2, data.Lengths, accumulate: false);
        EngineModels.SetInputs(halves, data.Sample(0));
        var sum = halves.Core.ComputeGradients(1, data.Lengths, accumulate: false);
        EngineModels.SetInputs(halves, data.Sample(1));
        sum += halves.Core.ComputeGradients(1, data.Lengths, accumulate: true);

        Assert.Null(Comparison.Of([loss], [sum], Tolerances.Float(100), "loss"));
        foreach (var (parameter, expected) in whole.Core.Parameters.Where(static p => !p.Value.IsFrozen))
        {
            Assert.Null(Comparison.Of(Doubles(expected), Doubles(halves.Core.Parameters[parameter]), Tolerances.Float(100), parameter));
        }
    }

    private static double[] Doubles(Parameter parameter) => Array.ConvertAll(parameter.GradientToArray(), static v => (double)v);
}

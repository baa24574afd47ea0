using System.Collections.Concurrent;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Emitted models against the interpreter: every output and every gradient, at every width of vectors.</summary>
public sealed class EngineTests
{
    // The same at every width: what they are made of is compiled once.
    private static readonly ConcurrentDictionary<(string Name, int Batch, int Length), Lazy<InterpretedModel>> s_expected = [];

    public static TheoryData<string, InstructionSet> Cases => new(ModelCases.All.Keys
        .SelectMany(static _ => Enum.GetValues<InstructionSet>(), static (name, set) => (name, set)));

    public static TheoryData<string> Names => new(ModelCases.All.Keys);

    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_the_interpreter(string name, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        foreach (var (batch, length) in new[] { (3, 5), (1, 1), (2, 6) })
        {
            var expected = s_expected.GetOrAdd((name, batch, length), static k => new(() => new InterpretedModel(k.Name, k.Batch, k.Length, seed: 5))).Value;
            EngineModels.CompareWith(expected, () => Create(name, expected, set, threads: 2), name);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Bits_do_not_depend_on_threads(string name)
    {
        var data = new InterpretedModel(name);
        var first = Bits(1);
        foreach (var threads in new[] { 2, 3, 8 })
        {
            Assert.Equal(first, Bits(threads));
        }

        float[] Bits(int threads)
        {
            using var model = Create(name, data, Instructions.Best, threads);
            return EngineModels.WeightsOfThreeSteps(model, data);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Memory_is_what_was_promised(string name)
    {
        foreach (var batch in new[] { 1, 3, 8 })
        {
            foreach (var pass in Enum.GetValues<Pass>().Where(p => p switch
            {
                Pass.EncodeFirst or Pass.EncodeSecond => ModelCases.Meets(ModelCases.All[name]),
                Pass.Decode => ModelCases.Generates(ModelCases.All[name]) && !ModelCases.ReadsSource(ModelCases.All[name]),
                Pass.Prime => ModelCases.ReadsSource(ModelCases.All[name]), // and the tokens behind it
                Pass.Embed or Pass.Compare or Pass.Backward => false, // of models whose batches meet: GatheredPairsTests
                _ => true,
            }))
            {
                var data = new InterpretedModel(name, batch);
                using var model = Create(name, data, Instructions.Best, 2);
                var promised = pass == Pass.Prime && data.Prefix == 0 ? model.Core.Engine.MemoryFor(new(pass, batch, data.Lengths), new(Pass.Decode, batch, data.Length)) : model.Core.MemoryFor(pass, batch, data.Lengths);
                if (pass == Pass.Prime)
                {
                    Decoded.Of(data, model, data.Length);
                    Assert.Equal(promised, model.Core.AllocatedBytes);
                    continue;
                }

                EngineModels.SetInputs(model, data);
                switch (pass)
                {
                    case Pass.Forward:
                        model.Core.Forward(batch, data.Lengths);
                        break;
                    case Pass.Evaluate:
                        model.Core.Evaluate(batch, data.Lengths);
                        break;
                    case Pass.EncodeFirst or Pass.EncodeSecond:
                        model.Core.Encode(pass, batch, data.LengthOf(pass));
                        break;
                    case Pass.Decode:
                        model.Core.Decode(model.Core.BeginDecoding(batch, data.Length), batch, data.Length, new float[batch * 11]);
                        break;
                    default:
                        model.Core.ComputeGradients(batch, data.Lengths, false);
                        model.Core.Step();
                        break;
                }

                Assert.Equal(promised, model.Core.AllocatedBytes);
            }
        }
    }

    private static IModel Create(string name, InterpretedModel data, InstructionSet set, int threads) =>
        EngineModels.Create(EngineModels.Of(name), data, new CpuDevice(threads, set));
}

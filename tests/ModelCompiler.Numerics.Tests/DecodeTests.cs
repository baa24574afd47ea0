using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Emitted decoders with their cache of keys and values, against whole rows in the interpreter: at every width of vectors, and the same bits at any number of threads.</summary>
public sealed class DecodeTests
{
    public static TheoryData<string, InstructionSet> Cases => new(Names.SelectMany(static _ => Enum.GetValues<InstructionSet>(), static (name, set) => (name, set)));

    private static string[] Names => [.. ModelCases.All.Where(static c => ModelCases.Generates(c.Value)).Select(static c => c.Key), .. ModelCases.Decoders.Keys.Where(static n => n != "mixed").Select(EngineModels.Decoder)];

    [Theory, MemberData(nameof(Cases))]
    public void Tokens_that_come_bit_by_bit_give_what_whole_rows_give(string name, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        foreach (var (batch, length) in new[] { (3, 5), (1, 6), (9, 2) })
        {
            var data = Data(name, batch, length);
            Decoded.Compare(data, name, new CpuDevice(2, set));
            Assert.Equal(Decoded.Of(data, name, new CpuDevice(1, set)), Decoded.Of(data, name, new CpuDevice(5, set)));
        }
    }

    [Fact]
    public void A_model_of_narrow_activations_decodes_in_floats()
    {
        var name = EngineModels.Decoder("mixed");
        var plain = ModelCases.Decoders["mixed"].Where(static a => a.Name != "MixedPrecision").ToArray();
        var data = new InterpretedModel(plain, 3, 5);
        Decoded.Compare(data, name, new CpuDevice(2));
    }

    internal static InterpretedModel Data(string name, int batch, int length) =>
        new(ModelCases.All.TryGetValue(name, out var of) ? of : ModelCases.Decoders[name[EngineModels.Decoder("").Length..]], batch, length);
}

/// <summary>An emitted decoder that gets the tokens of a case: at first two of each row, or one behind a picture, then one by one.</summary>
internal static class Decoded
{
    public static void Compare(InterpretedModel data, string name, Device device)
    {
        var (whole, actual) = (data.Logits(), Of(data, name, device));
        var vocabulary = whole.Length / data.Batch / data.Length;
        for (var step = 0; step < actual.Count; step++)
        {
            var expected = Enumerable.Range(0, data.Batch).SelectMany(b => whole.Skip(((b * data.Length) + step + First(data) - 1) * vocabulary).Take(vocabulary)).ToArray();
            Assert.Null(Comparison.Of(expected, Array.ConvertAll(actual[step], static v => (double)v), 1e-5, $"{name}: token {step + First(data)}"));
        }
    }

    public static IReadOnlyList<float[]> Of(InterpretedModel data, string name, Device device)
    {
        using var model = EngineModels.Create(EngineModels.Of(name), data, device);
        return Of(data, model, First(data));
    }

    /// <summary>Every kernel of decoding once, those that move rows among them.</summary>
    public static void RunOnce(InterpretedModel data, string name, Device device)
    {
        using var model = EngineModels.Create(EngineModels.Of(name), data, device);
        Of(data, model, First(data));
        model.Core.Engine.RearrangeCache([.. Enumerable.Range(0, data.Batch).Reverse()], since: 1);
    }

    /// <param name="first">Tokens that come at once.</param>
    public static IReadOnlyList<float[]> Of(InterpretedModel data, IModel model, int first)
    {
        var core = model.Core;
        var decoding = core.BeginDecoding(data.Batch, data.Length);
        if (core.Description.Decoder!.Memory is not null)
        {
            foreach (var input in Read(Pass.Prime))
            {
                EngineModels.SetInput(model, data, input);
            }

            core.Prime(decoding, data.Batch, data.Length, []);
        }

        return [.. Enumerable.Range(first, data.Length - first + 1).Select(end => Step(end == first ? 0 : end - 1, end))];

        float[] Step(int begin, int end)
        {
            var logits = new float[data.Batch * 11];
            var pass = begin == 0 && data.Prefix > 0 ? Pass.Prime : Pass.Decode;
            foreach (var input in Read(pass))
            {
                if (input.Shape.Count.LengthPower == 1)
                {
                    core.SetInput(input.InputName, Array.ConvertAll(data.Columns(data.Input(input.InputName), begin, end), static v => (int)v));
                }
                else
                {
                    EngineModels.SetInput(model, data, input);
                }
            }

            if (pass == Pass.Prime)
            {
                core.Prime(decoding, data.Batch, end - begin, logits);
            }
            else
            {
                core.Decode(decoding, data.Batch, end - begin, logits);
            }

            return logits;
        }

        IEnumerable<InputOp> Read(Pass pass) => data.Inputs.Where(i => core.Description.Inputs.Single(x => x.Name == i.InputName).IsOf(pass));
    }

    private static int First(InterpretedModel data) => data.Prefix > 0 ? data.Prefix + 1 : 2;
}

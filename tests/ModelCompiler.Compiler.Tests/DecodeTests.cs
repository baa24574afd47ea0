using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Decoders in double on the interpreter: tokens that come bit by bit give what whole rows give.</summary>
public sealed class DecodeTests
{
    public static TheoryData<string> Names => new(ModelCases.All.Where(static c => ModelCases.Generates(c.Value)).Select(static c => c.Key).Concat(ModelCases.Decoders.Keys.Where(static n => n != "mixed")));

    [Theory, MemberData(nameof(Names))]
    public void Tokens_that_come_bit_by_bit_give_what_whole_rows_give(string name)
    {
        var attributes = ModelCases.All.TryGetValue(name, out var of) && ModelCases.Generates(of) ? of : ModelCases.Decoders[name];
        foreach (var (batch, length) in new[] { (3, 5), (1, 6), (2, 1) })
        {
            var data = new InterpretedModel(attributes, batch, length);
            foreach (var first in new[] { 1, length }.Distinct())
            {
                Compare(data, first, name);
            }

            // Padding on the left, of another length in each row.
            Compare(data.On(batch, length, (op, values) => op.InputName == "mask" ? [.. values.Select((_, i) => i % length < Math.Min(i / length, length - 1) ? 0.0 : 1.0)] : values), 1, name + " padded on the left");
        }
    }

    private static void Compare(InterpretedModel data, int first, string name)
    {
        var (whole, steps) = (data.Logits(), data.Decode(first));
        var vocabulary = whole.Length / data.Batch / data.Length;
        for (var step = 0; step < steps.Count; step++)
        {
            var expected = Enumerable.Range(0, data.Batch).SelectMany(b => whole.Skip(((b * data.Length) + first + step - 1) * vocabulary).Take(vocabulary)).ToArray();
            Assert.Null(Comparison.Of(expected, steps[step], 1e-9, $"{name}: token {first + step}"));
        }
    }
}

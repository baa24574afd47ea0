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
        foreach (var (batch, most) in new[] { (3, 5), (1, 6), (2, 1) })
        {
            var data = new InterpretedModel(attributes, batch, most);
            foreach (var first in new[] { data.Prefix + 1, data.Length }.Distinct())
            {
                Compare(data, first, name);
            }

            // Padding on the left, of another length in each row.
            var length = data.Length;
            Compare(data.On(batch, length, (op, values) => op.InputName is "mask" or "decoder.mask" or "text.mask" ? [.. values.Select((_, i) => IsPadding(i / length, (i % length) - data.Prefix, length - data.Prefix) ? 0.0 : 1.0)] : values), data.Prefix + 1, name + " padded on the left");
        }
    }

    private static bool IsPadding(int row, int token, int tokens) => token >= 0 && token < Math.Min(row, tokens - 1);

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

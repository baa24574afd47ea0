using System.Text.Json;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class GoldenOps
{
    // Stored: q and y [batch, heads, tokens, d], k and v with their own heads. Ours: the three beside each other
    // [batch, tokens, all heads x d], or queries alone where there is another number of them.
    private static bool Attention(GoldenOpBuilder b)
    {
        var file = b.File;
        var shape = file.Shape("in.q");
        var (batch, heads, tokens, d) = (shape[0], shape[1], shape[2], shape[3]);
        var (keyHeads, keys) = (file.Shape("in.k")[1], file.Shape("in.k")[2]);
        if (!file.Shape("in.k").SequenceEqual([batch, keyHeads, keys, d]) || !file.Shape("in.v").SequenceEqual([batch, keyHeads, keys, d]) || file.Has("in.bias"))
        {
            return false;
        }

        var (width, keyWidth) = (heads * d, keyHeads * d);
        var all = width + (2 * keyWidth);
        var scale = file.Option("scale").ValueKind == JsonValueKind.Number ? file.Option("scale").GetDouble() : 1 / Math.Sqrt(d);
        var dropout = file.Option("dropout").GetDouble();
        if (dropout > 0)
        {
            b.Numbers.Kept = element => file.Values("in.keep")[element] > 0;
        }

        var mask = file.Has("in.key_mask") ? b.Integers("key_mask") : null;
        var options = new AttentionOptions(heads, keyHeads, scale, false, file.Option("causal").GetBoolean(), 0, dropout);
        b.Result(keys == tokens ? Self() : Cross(), i => new GoldenElement("y", Stored(i / width, i % width, heads, tokens)));
        return true;

        Value Self() => b.Graph.SelfAttention(
            b.Tensor("qkv", [batch, tokens, all], i => i % all < width ? new GoldenElement("q", Stored(i / all, i % all, heads, tokens)) : KeyOrValue(i / all, (i % all) - width)), mask, options);

        Value Cross() => b.Graph.CrossAttention(
            b.Tensor("query", [batch, tokens, width], i => new GoldenElement("q", Stored(i / width, i % width, heads, tokens))),
            b.Tensor("key_value", [batch, keys, 2 * keyWidth], i => KeyOrValue(i / (2 * keyWidth), i % (2 * keyWidth))), mask, options);

        GoldenElement KeyOrValue(int token, int channel) => channel < keyWidth ? new GoldenElement("k", Stored(token, channel, keyHeads, keys)) : new GoldenElement("v", Stored(token, channel - keyWidth, keyHeads, keys));

        int Stored(int token, int channel, int of, int length) => (((((token / length * of) + (channel / d)) * length) + (token % length)) * d) + (channel % d);
    }

    // Stored: x [batch, heads, tokens, d]. Ours: [batch, tokens, heads d].
    private static bool Rotary(GoldenOpBuilder b)
    {
        var file = b.File;
        if (file.Option("pairing").GetString() != "half" || file.Option("rotary_width").ValueKind == JsonValueKind.Number)
        {
            return false;
        }

        var shape = file.Shape("in.x");
        var (batch, heads, tokens, d) = (shape[0], shape[1], shape[2], shape[3]);
        var width = heads * d;
        int[] size = [2 * (1 + (int)file.Values("in.positions").Max()), d / 2];
        var table = new float[size[0] * size[1]];
        new Runtime.Initializer.Rotary(file.Option("base").GetDouble()).Fill(table, size, default);
        var x = b.Tensor("x", [batch, tokens, width], i => new GoldenElement("x", Stored(i)));
        b.Result(
            b.Graph.Rotary(x, b.Data("table", Shape.Of(("row", size[0]), ("angle", size[1])), i => table[i]), b.Integers("positions"), heads, heads),
            i => new GoldenElement("y", Stored(i)));
        return true;

        int Stored(int i) => (((((i / width / tokens * heads) + (i % width / d)) * tokens) + (i / width % tokens)) * d) + (i % d);
    }
}

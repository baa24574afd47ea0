using System.Text.Json;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class GoldenOps
{
    // Stored: q and y [batch, heads, tokens, d], k and v with their own heads. Ours: the three beside each other [batch, tokens, all heads x d].
    private static bool Attention(GoldenOpBuilder b)
    {
        var file = b.File;
        var shape = file.Shape("in.q");
        var (batch, heads, tokens, d) = (shape[0], shape[1], shape[2], shape[3]);
        var keyHeads = file.Shape("in.k")[1];
        if (!file.Shape("in.k").SequenceEqual([batch, keyHeads, tokens, d]) || !file.Shape("in.v").SequenceEqual([batch, keyHeads, tokens, d]) || file.Has("in.bias"))
        {
            return false;
        }

        var (width, keyWidth) = (heads * d, keyHeads * d);
        var all = width + (2 * keyWidth);
        var qkv = b.Tensor("qkv", [batch, tokens, all], i => (i % all) switch
        {
            var c when c < width => new GoldenElement("q", Stored(i / all, c, heads)),
            var c when c < width + keyWidth => new GoldenElement("k", Stored(i / all, c - width, keyHeads)),
            var c => new GoldenElement("v", Stored(i / all, c - width - keyWidth, keyHeads)),
        });
        var scale = file.Option("scale").ValueKind == JsonValueKind.Number ? file.Option("scale").GetDouble() : 1 / Math.Sqrt(d);
        var dropout = file.Option("dropout").GetDouble();
        if (dropout > 0)
        {
            b.Numbers.Kept = element => file.Values("in.keep")[element] > 0;
        }

        var mask = file.Has("in.key_mask") ? b.Integers("key_mask") : null;
        b.Result(b.Graph.SelfAttention(qkv, mask, new AttentionOptions(heads, keyHeads, scale, false, file.Option("causal").GetBoolean(), 0, dropout)), i => new GoldenElement("y", Stored(i / width, i % width, heads)));
        return true;

        int Stored(int token, int channel, int of) => (((((token / tokens * of) + (channel / d)) * tokens) + (token % tokens)) * d) + (channel % d);
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

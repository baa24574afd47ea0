using System.Text.Json;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class GoldenOps
{
    // Stored: q, k, v and y [batch, heads, tokens, d]. Ours: the three beside each other [batch, tokens, 3 heads d], y [batch, tokens, heads d].
    private static bool Attention(GoldenOpBuilder b)
    {
        var file = b.File;
        var shape = file.Shape("in.q");
        if (!shape.SequenceEqual(file.Shape("in.k")) || !shape.SequenceEqual(file.Shape("in.v")) || file.Has("in.bias") || file.Option("scale").ValueKind == JsonValueKind.Number)
        {
            return false;
        }

        var (batch, heads, tokens, d) = (shape[0], shape[1], shape[2], shape[3]);
        var width = heads * d;
        var qkv = b.Tensor("qkv", [batch, tokens, 3 * width], i => new GoldenElement("qkv"[i / width % 3].ToString(), Stored(i / (3 * width), i % width)));
        var dropout = file.Option("dropout").GetDouble();
        if (dropout > 0)
        {
            b.Numbers.Kept = element => file.Values("in.keep")[element] > 0;
        }

        var mask = file.Has("in.key_mask") ? b.Integers("key_mask") : null;
        b.Result(b.Graph.SelfAttention(qkv, mask, new AttentionOptions(heads, file.Option("causal").GetBoolean(), 0, dropout)), i => new GoldenElement("y", Stored(i / width, i % width)));
        return true;

        int Stored(int token, int channel) => (((((token / tokens * heads) + (channel / d)) * tokens) + (token % tokens)) * d) + (channel % d);
    }
}

using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;
using Initializer = ModelCompiler.Runtime.Initializer;

namespace ModelCompiler.Testing;

internal static partial class GoldenOps
{
    private static bool Prepend(GoldenOpBuilder b)
    {
        if (!b.File.Option("expand_first").GetBoolean())
        {
            return false;
        }

        var width = b.File.Shape("in.a")[2];
        b.Result(b.Graph.Prepend(b.Tensor("a", [1, width], static i => new GoldenElement("a", i)), b.Tensor("b")));
        return true;
    }

    private static bool Pool(GoldenOpBuilder b)
    {
        var kind = b.File.Option("kind").GetString();
        var shape = b.File.Shape("in.x");
        var (batch, tokens) = (shape[0], shape[1]);
        switch (kind)
        {
            case "mean":
                // The caller counts; an empty row counts as much as keeps 0 / count at 0.
                var counts = b.Data("counts", Shape.Of(("batch", batch)), i => Math.Max(1, Row("mask", i).Sum()));
                b.Result(b.Graph.MeanTokens(b.Tensor("x"), b.Data("mask"), counts));
                return true;
            case "mean-all" or "mean-patches":
                b.Result(b.Graph.MeanTokens(b.Tensor("x"), kind == "mean-all" ? 0 : 1));
                return true;
            case "first":
                b.Result(b.Graph.SelectToken(b.Tensor("x")));
                return true;
            case "last":
                return Select(i => Array.LastIndexOf(Row("mask", i), 1));
            case "first-end":
                return Select(i => Array.IndexOf(Row("ids", i), b.File.Option("end_id").GetInt32()));
            case "highest-id":
                return Select(i => Array.IndexOf(Row("ids", i), Row("ids", i).Max()));
            default:
                return false;
        }

        double[] Row(string tensor, int sample) => b.File.Values("in." + tensor).AsSpan(sample * tokens, tokens).ToArray();

        bool Select(Func<int, int> index) => Done(() => b.Result(b.Graph.SelectToken(b.Tensor("x"), b.Integers("index", [batch], i => index(i)))));
    }

    // Pictures are data: the stored gradient has no counterpart.
    private static bool Patchify(GoldenOpBuilder b)
    {
        if (b.File.Option("order").GetString() != "channels-first")
        {
            return false;
        }

        return Done(() => b.Result(Patches(b, b.File.Option("patch").GetInt32())));
    }

    private static void PatchEmbedding(GoldenOpBuilder b)
    {
        var (size, shape, places) = (b.File.Option("patch").GetInt32(), b.File.Shape("in.weight"), b.File.Shape("out.y"));
        var weight = b.Tensor("weight", [shape[0], shape[1] * size * size], static i => new GoldenElement("weight", i));
        var y = b.Graph.MatMul(Patches(b, size), weight, false, true, "product");
        var (width, patches) = (shape[0], places[2] * places[3]);
        b.Result(
            b.File.Has("in.bias") ? b.Graph.AddBias(y, b.Tensor("bias")) : y,
            static i => new GoldenElement("tokens", i),
            i => new GoldenElement("y", (((i / (width * patches) * width) + (i % width)) * patches) + (i / width % patches)));
    }

    private static Value Patches(GoldenOpBuilder b, int size)
    {
        var shape = b.File.Shape("in.x");
        var pictures = b.Data("x", Shape.Of(("batch", Extent.Batch), ("channel", shape[1]), ("row", shape[2]), ("column", shape[3])), i => b.File.Values("in.x")[i]);
        return b.Graph.Patchify(pictures, shape[1], shape[2], shape[3], size, size);
    }

    private static bool PositionTable(GoldenOpBuilder b)
    {
        var (from, to, prefix) = (Pair(b, "grid"), Pair(b, "size"), b.File.Option("prefix").GetInt32());
        if (!IsOurs(b))
        {
            return false;
        }

        var table = b.Tensor("table", [prefix + (from.Rows * from.Columns), b.File.Shape("in.table")[2]], static i => new GoldenElement("table", i));
        b.Result(b.Graph.MatMul(Resize(b, from, to, prefix), table, false, false, "positions"));
        return true;
    }

    // Stored: [batch, channels, rows, columns]. Ours: a row for each place, a column for each picture and channel.
    private static bool Interpolate(GoldenOpBuilder b)
    {
        var (shape, to) = (b.File.Shape("in.x"), Pair(b, "size"));
        if (!IsOurs(b))
        {
            return false;
        }

        var (channels, places) = (shape[0] * shape[1], shape[2] * shape[3]);
        var table = b.Tensor("x", [places, channels], i => new GoldenElement("x", (i % channels * places) + (i / channels)));
        b.Result(b.Graph.MatMul(Resize(b, (shape[2], shape[3]), to, 0), table, false, false, "resized"), i => new GoldenElement("y", (i % channels * to.Rows * to.Columns) + (i / channels)));
        return true;
    }

    private static bool IsOurs(GoldenOpBuilder b) => b.File.Option("mode").GetString() == "bicubic";

    private static (int Rows, int Columns) Pair(GoldenOpBuilder b, string option) => (b.File.Option(option)[0].GetInt32(), b.File.Option(option)[1].GetInt32());

    private static Value Resize(GoldenOpBuilder b, (int Rows, int Columns) from, (int Rows, int Columns) to, int prefix)
    {
        int[] shape = [prefix + (to.Rows * to.Columns), prefix + (from.Rows * from.Columns)];
        var matrix = new float[shape[0] * shape[1]];
        new Initializer.BicubicResize(from.Rows, from.Columns, to.Rows, to.Columns, prefix) { Antialias = b.File.Option("antialias").GetBoolean() }.Fill(matrix, shape, default);
        return b.Data("resize", Shape.Of(("to", shape[0]), ("from", shape[1])), i => matrix[i]);
    }
}

using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class GoldenOps
{
    private static bool CrossEntropy(GoldenOpBuilder b)
    {
        var file = b.File;
        if (!IsReduced(b) || file.Option("class_weight").GetBoolean())
        {
            return false;
        }

        var smoothing = file.Option("smoothing").GetDouble();
        if (file.Option("soft").GetBoolean())
        {
            b.Result(b.Graph.SoftCrossEntropy(b.Tensor("logits"), b.Data("target"), Mean(b, file.Shape("in.logits")[0]), smoothing));
            return true;
        }

        var ignored = file.Option("ignore_index").GetInt32();
        var shape = file.Shape("in.logits");
        var labels = file.Values("in.target").Select(l => l == ignored ? -1.0 : l).ToArray();
        if (file.Option("shift").GetBoolean())
        {
            // Position t predicts token t + 1; the last one predicts nothing.
            labels = [.. labels.Select((_, i) => (i + 1) % shape[1] == 0 ? -1 : labels[i + 1])];
        }

        Value logits;
        if (file.Option("layout").GetString() == "classes-second")
        {
            var (classes, tokens) = (shape[1], shape[2]);
            logits = b.Tensor("logits", [shape[0], tokens, classes], i => new GoldenElement("logits", (((i / (classes * tokens) * classes) + (i % classes)) * tokens) + (i / classes % tokens)));
        }
        else
        {
            logits = b.Tensor("logits");
        }

        b.Result(b.Graph.CrossEntropy(logits, b.Integers("labels", file.Shape("in.target"), i => labels[i]), Mean(b, labels.Count(static l => l >= 0)), smoothing));
        return true;
    }

    private static bool LogisticLoss(GoldenOpBuilder b)
    {
        var file = b.File;
        if (!IsReduced(b) || file.Option("weight").GetBoolean() || file.Option("positive_weight").GetBoolean())
        {
            return false;
        }

        var isByRow = file.Option("normalise").GetString() == "rows";
        b.Result(b.Graph.LogisticLoss(b.Tensor("x"), b.Data("target"), Mean(b, isByRow ? file.Shape("in.x")[0] : file.Values("in.x").Length)));
        return true;
    }

    private static bool KlDivergence(GoldenOpBuilder b)
    {
        if (b.File.Option("form").GetString() != "logits" || b.File.Option("reduction").GetString() != "batchmean")
        {
            return false;
        }

        b.Result(b.Graph.KlDivergence(b.Tensor("x"), b.Data("teacher"), b.Number("scale", 1.0 / b.File.Shape("in.x")[0]), b.File.Option("temperature").GetDouble()));
        return true;
    }

    // The stored target has a gradient too; ours is data.
    private static bool SquaredError(GoldenOpBuilder b)
    {
        if (!IsReduced(b) || b.File.Option("mask").GetBoolean())
        {
            return false;
        }

        b.Result(b.Graph.SquaredError(b.Tensor("x"), b.Data("target"), Mean(b, b.File.Values("in.x").Length)));
        return true;
    }

    private static bool IsReduced(GoldenOpBuilder b) => b.File.Option("reduction").GetString() != "none";

    private static Value Mean(GoldenOpBuilder b, int count) => b.Number("scale", b.File.Option("reduction").GetString() == "sum" ? 1 : 1.0 / count);
}

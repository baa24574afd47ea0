using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

/// <summary>Losses whose keys or targets are data, which no model of ours is given: their ops alone.</summary>
internal static class KeyLosses
{
    /// <summary>MoCo's: one way, the own key against a queue.</summary>
    public static StoredLoss Queue(LossFolder folder)
    {
        var temperature = folder.Real("temperature");
        folder.Require("queue", folder.Inputs["queue"].Shape[1]);
        return new GraphLoss(folder, b =>
        {
            var query = b.Graph.Scale(b.Graph.Normalize(b.Parameter("query")), 1 / temperature);
            b.Graph.Output("loss", b.Graph.KeyContrast(query, b.Given("key"), b.Mean("mean", folder.Inputs["key"].Shape[0]), b.Queue("queue", folder.Inputs), ownOnly: true));
        })
        {
            Unformed = ["logits"],
        };
    }

    /// <summary>ALBEF's: each way against a momentum model's vectors and a queue of them, whose own similarities are a part of what is right.</summary>
    public static StoredLoss SoftTargets(LossFolder folder)
    {
        var softness = folder.Real("alpha");
        folder.Require("queue", folder.Inputs["text_queue"].Shape[1]);
        return new GraphLoss(folder, b =>
        {
            var scale = b.Graph.ReciprocalScale(b.Parameter(JointSpace.Temperature), double.PositiveInfinity);
            var (toTexts, toImages) = (OneWay("image", "text"), OneWay("text", "image"));
            b.Graph.Output("loss_i2t", toTexts);
            b.Graph.Output("loss_t2i", toImages);
            b.Graph.Output("loss", b.Graph.Scale(b.Graph.Add(toTexts, toImages), 0.5));

            Value OneWay(string from, string to)
            {
                var (own, keys) = (b.Graph.ScaleBy(b.Graph.Normalize(b.Parameter(from)), scale), b.Given(to + "_m"));
                var teacher = b.Graph.ScaleBy(b.Given(from + "_m"), scale);
                return b.Graph.KeyContrast(own, keys, b.Mean("mean", folder.Model[from].Shape[0]), b.Queue(to + "_queue", folder.Inputs), false, softness, teacher, keys);
            }
        })
        {
            Unformed = ["targets_i2t", "targets_t2i"],
        };
    }

    /// <summary>Pictures with several right texts each, and as many texts as there are.</summary>
    public static StoredLoss SeveralTexts(LossFolder folder)
    {
        var temperature = folder.Real("temperature");
        return new GraphLoss(folder, b =>
        {
            var (images, texts) = (b.Graph.Scale(b.Graph.Normalize(b.Parameter("image")), 1 / temperature), b.Graph.Normalize(b.Parameter("text")));
            var pictures = b.Input("pictures", [.. Enumerable.Range(0, folder.Model["image"].Shape[0]).Select(static i => (double)i)]);
            var owners = b.Input("image_of_text", folder.Inputs["image_of_text"].Values);
            var logits = b.Graph.MatMul(images, texts, false, true, "logits");
            var toTexts = b.Graph.MatchCrossEntropy(logits, pictures, owners, b.Mean("of_images", folder.Model["image"].Shape[0]));
            var toImages = b.Graph.MatchCrossEntropy(b.Graph.MatMul(texts, images, false, true, "turned"), owners, pictures, b.Mean("of_texts", folder.Model["text"].Shape[0]));
            b.Graph.Output("logits", logits);
            b.Graph.Output("loss_i2t", toTexts);
            b.Graph.Output("loss_t2i", toImages);
            b.Graph.Output("loss", b.Graph.Scale(b.Graph.Add(toTexts, toImages), 0.5));
        });
    }

    /// <summary>Samples of one label among each other.</summary>
    public static StoredLoss Supervised(LossFolder folder)
    {
        var options = new SupervisedContrastiveAttribute { Temperature = folder.Real("temperature") };
        return new GraphLoss(folder, b =>
        {
            b.Mean(SupervisedContrastiveLoss.Numbers + "_scale", folder.Model["embedding"].Shape[0]);
            b.Graph.Output("loss", SupervisedContrastiveLoss.Of(b.Model, options, b.Parameter("embedding")));
        })
        {
            Unformed = ["loss_per_anchor"],
        };
    }

    /// <summary>Classes of tokens, some of which are not asked.</summary>
    public static StoredLoss Smoothed(LossFolder folder)
    {
        var (smoothing, ignored) = (folder.Real("label_smoothing"), folder.Real("ignore_index"));
        double[] labels = [.. folder.Inputs["labels"].Values.Select(l => l == ignored ? -1 : l)];
        return new GraphLoss(folder, b =>
        {
            var logits = b.Parameter("logits", [labels.Length, folder.Model["logits"].Shape[^1]]);
            b.Graph.Output("loss", b.Graph.CrossEntropy(logits, b.Input("labels", labels, ElementType.Integer), b.Mean("mean", labels.Count(static l => l >= 0)), smoothing));
        });
    }

    /// <summary>Classes that are a yes or no each.</summary>
    public static StoredLoss Focal(LossFolder folder)
    {
        var options = new ClassificationAttribute { Classes = folder.Model["logits"].Shape[^1], MultiLabel = true, Focal = folder.Real("gamma"), FocalAlpha = folder.Real("alpha") };
        return new GraphLoss(folder, b =>
        {
            b.Mean("labels_scale", folder.Inputs["targets"].Values.Length);
            b.Graph.Output("loss", ClassLosses.Of(b.Model, options, b.Parameter("logits"))[0]);
        });
    }

    /// <summary>Classes of samples, and a teacher's logits of them.</summary>
    public static StoredLoss Taught(LossFolder folder)
    {
        var options = new ClassificationAttribute { Classes = folder.Model["student"].Shape[^1], TeacherShare = folder.Real("alpha"), TeacherTemperature = folder.Real("temperature") };
        return new GraphLoss(folder, b =>
        {
            var samples = folder.Model["student"].Shape[0];
            b.Mean("labels_scale", samples);
            b.Mean("teacher_logits_scale", samples);
            var losses = ClassLosses.Of(b.Model, options, b.Parameter("student"));
            b.Graph.Output("cross_entropy", b.Graph.Scale(losses[0], 1 / (1 - options.TeacherShare)));
            b.Graph.Output("kl", b.Graph.Scale(losses[1], 1 / options.TeacherShare));
            b.Graph.Output("loss", b.Graph.Add(losses[0], losses[1]));
        });
    }
}

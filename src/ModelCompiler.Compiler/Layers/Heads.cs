using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Layers;

/// <summary>What a tower hands to its objectives and to towers that read it.</summary>
/// <param name="Mask">Tokens that are there; null: all.</param>
internal sealed record Features(Value Hidden, Value? Pooled, Value? Mask = null);

/// <summary>
/// The heads and losses of objectives. A loss is a mean: its scale, 1 over the number of targets that count, is data,
/// because the targets of several batches may share one mean.
/// </summary>
internal static class Heads
{
    private static readonly Shape s_samples = Shape.Of(("batch", Extent.Batch));

    /// <summary>Adds the outputs, and with <paramref name="withLoss"/> the losses and their sum <c>loss</c>.</summary>
    /// <param name="o">The transformer that the heads stand on; null: a tower without objectives.</param>
    public static void Apply(ModelBuilder m, BoundModel model, TransformerAttribute? o, Features features, bool withLoss)
    {
        var losses = new List<Value>();
        foreach (var objective in model.Attributes.OfType<ObjectiveAttribute>())
        {
            IEnumerable<Value> own = objective switch
            {
                ClassificationAttribute c => Classification(m, c, o!, features, withLoss),
                CausalLanguageModelAttribute c => CausalLanguageModel(m, c, (TextTransformerAttribute)o!, features.Hidden, withLoss),
                MaskedLanguageModelAttribute c => MaskedLanguageModel(m, c, (TextTransformerAttribute)o!, features, withLoss),
                FeatureRegressionAttribute c => FeatureRegression(m, c, features, withLoss),
                SupervisedContrastiveAttribute c => withLoss ? [SupervisedContrastiveLoss.Of(m, c, features.Pooled!)] : [],
                _ => throw new GraphException($"no head for {objective.GetType().Name}"),
            };
            losses.AddRange(own.Select(loss => objective.Weight == 1 ? loss : m.Graph.Scale(loss, objective.Weight)));
        }

        if (losses.Count > 0)
        {
            m.Graph.Output("loss", losses.Aggregate(m.Graph.Add));
        }
    }

    /// <summary>Adds the output <c>next_logits</c> [batch, vocabulary]: of the token behind the last.</summary>
    public static void NextToken(ModelBuilder m, CausalLanguageModelAttribute c, TextTransformerAttribute o, Value hidden) =>
        m.Graph.Output("next_logits", Vocabulary(m, c, o, m.Graph.SelectToken(hidden, SelectTokenOp.Last)));

    private static IEnumerable<Value> Classification(ModelBuilder m, ClassificationAttribute c, TransformerAttribute o, Features features, bool withLoss)
    {
        if (c.Distilled)
        {
            return Distilled(m, c, o, features, withLoss);
        }

        var logits = ClassHead(m, "head", c, o, features.Pooled!);
        m.Output("logits", logits);
        return withLoss ? ClassLosses.Of(m, c, logits) : [];
    }

    // The head of the distillation token learns the teacher's labels; each loss counts half, and logits are means.
    private static IEnumerable<Value> Distilled(ModelBuilder m, ClassificationAttribute c, TransformerAttribute o, Features features, bool withLoss)
    {
        var labelled = ClassHead(m, "head", c, o, features.Pooled!);
        var taught = ClassHead(m, "distillation_head", c, o, m.Graph.SelectToken(features.Hidden, 1));
        m.Output("class_logits", labelled);
        m.Output("distillation_logits", taught);
        m.Output("logits", m.Graph.Scale(m.Graph.Add(labelled, taught), 0.5));
        return withLoss ? [.. ClassLosses.Of(m, c, labelled).Select(l => m.Graph.Scale(l, 0.5)), m.Graph.Scale(ClassLosses.OfLabels(m, "teacher_labels", c, taught, smoothing: 0), 0.5)] : [];
    }

    private static Value ClassHead(ModelBuilder m, string name, ClassificationAttribute c, TransformerAttribute o, Value pooled) =>
        Linear.Apply(m, name, m.Dropout(pooled, o.HeadDropout), c.Classes, c.Bias, Initial.Projection(o, pooled.Shape.Columns, c.Classes));

    private static IEnumerable<Value> CausalLanguageModel(ModelBuilder m, CausalLanguageModelAttribute c, TextTransformerAttribute o, Value hidden, bool withLoss)
    {
        var logits = Vocabulary(m, c, o, hidden);
        using (m.Scope("head"))
        {
            m.Output("logits", logits);
            if (withLoss && c.LabelSmoothing > 0)
            {
                m.Output("negative_log_likelihood", Targets(m, logits));
            }

            return withLoss ? [Targets(m, logits, c.LabelSmoothing)] : [];
        }
    }

    private static Value Vocabulary(ModelBuilder m, CausalLanguageModelAttribute c, TextTransformerAttribute o, Value hidden)
    {
        using var scope = m.Scope("head");
        var weight = Output(m, c.Tied, o);
        var bias = c.Bias ? m.Parameter("bias", [o.Vocabulary], ParameterKind.Vector, new Initializer.Constant(0)) : null;
        return Linear.Apply(m, hidden, weight, bias, "logits");
    }

    private static IEnumerable<Value> MaskedLanguageModel(ModelBuilder m, MaskedLanguageModelAttribute c, TextTransformerAttribute o, Features features, bool withLoss)
    {
        var losses = new List<Value>();
        using (m.Scope("mlm"))
        {
            var logits = TransformedVocabulary(m, c.Tied, c.Activation, o, features.Hidden);
            m.Output("logits", logits);
            if (withLoss)
            {
                losses.Add(Targets(m, logits));
                m.Graph.Output("masked_loss", losses[0]);
            }
        }

        if (c.NextSentence)
        {
            var logits = Linear.Apply(m, "next_sentence", m.Dropout(features.Pooled!, o.HeadDropout), 2, true, Initial.Projection(o, features.Pooled!.Shape.Columns, 2));
            m.Output("next_sentence_logits", logits);
            if (withLoss)
            {
                losses.Add(m.Graph.CrossEntropy(logits, m.Input("next_sentence", s_samples, ElementType.Integer), m.Input("next_sentence_scale", Shape.Scalar)));
                m.Graph.Output("next_sentence_loss", losses[1]);
            }
        }

        return losses;
    }

    /// <summary>Logits of tokens as BERT has them: dense, activation, norm, product with a table, bias.</summary>
    public static Value TransformedVocabulary(ModelBuilder m, bool tied, Activation activation, TextTransformerAttribute o, Value hidden)
    {
        var width = hidden.Shape.Columns;
        var x = Linear.Apply(m, "transform", hidden, width, true, Initial.Projection(o, width, width));
        x = NormLayer.Apply(m, "norm", ActivationLayer.Apply(m.Graph, x, activation), o);
        var weight = Output(m, tied, o);
        return Linear.Apply(m, x, weight, m.Parameter("bias", [o.Vocabulary], ParameterKind.Vector, new Initializer.Constant(0)), "logits");
    }

    private static IEnumerable<Value> FeatureRegression(ModelBuilder m, FeatureRegressionAttribute c, Features features, bool withLoss)
    {
        if (withLoss && c.Hidden)
        {
            yield return m.Graph.SquaredError(features.Hidden, m.Input("hidden_target", features.Hidden.Shape), m.Input("hidden_target_scale", Shape.Scalar));
        }

        if (withLoss && c.Pooled)
        {
            yield return m.Graph.SquaredError(features.Pooled!, m.Input("pooled_target", features.Pooled!.Shape), m.Input("pooled_target_scale", Shape.Scalar));
        }
    }

    public static Value Targets(ModelBuilder m, Value logits, double smoothing = 0) =>
        m.Graph.CrossEntropy(logits, m.Input("targets", m.Tokens, ElementType.Integer), m.Input("targets_scale", Shape.Scalar), smoothing);

    private static Value Output(ModelBuilder m, bool tied, TextTransformerAttribute o) => tied
        ? m.Tied(TextEmbedding.TokenTable)
        : m.Parameter("weight", [o.Vocabulary, TextEmbedding.TableWidth(o)], ParameterKind.Weight, Initial.Projection(o, TextEmbedding.TableWidth(o), o.Vocabulary));
}

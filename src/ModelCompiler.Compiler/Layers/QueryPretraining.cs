using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Layers;

/// <summary>
/// The first stage of BLIP-2 behind its tower of pictures. Queries pass once for the texts that are compared and those that are said; pairs that match or do not pass again, with the queries and
/// the text of each seeing each other. A model without objectives compares and matches.
/// </summary>
internal sealed class QueryPretraining
{
    /// <summary>Name of the input with the ids of texts to be said.</summary>
    public const string SaidIds = "said_ids";

    /// <summary>Name of the part that says whether text and picture match.</summary>
    public const string MatchHead = "match_head";

    private static readonly Shape s_samples = Shape.Of(("batch", Extent.Batch));

    private readonly ModelBuilder _m;
    private readonly Blip2PretrainingAttribute<object, object, object> _o;
    private readonly Memory _memory;
    private readonly Side _bridge, _text;
    private readonly QueryContrastiveAttribute? _contrastive;
    private readonly ImageTextMatchingAttribute? _matching;
    private readonly ImageGroundedTextAttribute? _grounded;
    private readonly bool _compares, _matches;
    private readonly Pass _pass;

    public QueryPretraining(ModelBuilder m, BoundModel model, Memory memory, Pass pass)
    {
        (_m, _o, _memory, _pass) = (m, (Blip2PretrainingAttribute<object, object, object>)model.Architecture, memory, pass);
        (_bridge, _text) = (Side.All(model)[1], Side.All(model)[2]);
        (_contrastive, _matching, _grounded) = (model.Get<QueryContrastiveAttribute>(), model.Get<ImageTextMatchingAttribute>(), model.Get<ImageGroundedTextAttribute>());
        var isPlain = model.Get<ObjectiveAttribute>() is null;
        (_compares, _matches) = (isPlain || _contrastive is not null, isPlain || _matching is not null);
    }

    private GraphBuilder Graph => _m.Graph;

    private bool HasLoss => _pass != Pass.Forward;

    private TextTransformerAttribute Text => (TextTransformerAttribute)_text.Options!;

    private Value Mean => _m.Input("pairs_scale", Shape.Scalar);

    /// <summary>Adds the outputs, and the losses with their sum where the pass has some.</summary>
    public void Build()
    {
        var words = _compares || _matches ? Embedded("ids") : null;
        var mask = Mask();
        List<TextStream> texts = [.. _compares ? [new(Normed(words!), mask, TextSight.Apart)] : Array.Empty<TextStream>()];
        if (_grounded is not null)
        {
            texts.Add(new(Normed(Embedded(SaidIds)), mask, TextSight.Behind));
        }

        // What is said sees the queries too: there is no one softmax over tokens of its own.
        AttentionOutputs?[] weights = [AttentionOutputs.Of(_m, _bridge.Transformer), .. _compares ? [AttentionOutputs.Of(_m, Text)] : Array.Empty<AttentionOutputs?>()];
        var (entries, found) = QueryStack.Apply(_m, _bridge.Prefix + "blocks", _bridge, _text, Queries(1), _memory, texts, weights);
        Hidden(_bridge, 0, entries, found, weights);
        var losses = new List<Value>();
        Value? ids = null, toTexts = null, toImages = null;
        if (_compares)
        {
            Hidden(_text, 1, entries, found, weights);
            (toTexts, toImages) = Similarities(found[0], Graph.SelectToken(found[1]));
            _m.Output("logits", toTexts);
            if (HasLoss)
            {
                ids = _contrastive!.ByIds ? _m.Input(ContrastiveLoss.Ids, s_samples) : Graph.Numbers(Extent.Batch);
                losses.Add(Loss("contrastive_loss", Contrast(toTexts, toImages, ids), _contrastive));
            }
        }

        if (_matches && (!HasLoss || _matching!.Negatives == HardNegatives.Given))
        {
            var logits = Match(1, _memory, words!, mask);
            _m.Output("match_logits", logits);
            if (HasLoss)
            {
                losses.Add(Loss("matching_loss", Graph.CrossEntropy(logits, _m.Input("labels", s_samples, ElementType.Integer), _m.Input("labels_scale", Shape.Scalar)), _matching!));
            }
        }
        else if (_matches)
        {
            losses.Add(Loss("matching_loss", Matching(words!, mask, toTexts!, toImages!, ids!), _matching!));
        }

        if (_grounded is not null)
        {
            losses.AddRange(Say(found[found.Count - 1]).Select(loss => Loss("text_loss", loss, _grounded)));
        }

        if (losses.Count > 0)
        {
            Graph.Output("loss", losses.Aggregate(Graph.Add));
        }
    }

    private Value Embedded(string ids)
    {
        using var tower = _m.Tower(_text.Name, hasOutputs: false);
        return TextEmbedding.Sum(_m, Text, _m.Input(ids, _m.Tokens, ElementType.Integer));
    }

    private Value? Mask()
    {
        using var tower = _m.Tower(_text.Name, hasOutputs: false);
        return TextEmbedding.Mask(_m, Text);
    }

    // Queries and texts have one norm, the Q-Former's.
    private Value Normed(Value words)
    {
        using var tower = _m.Tower(_bridge.Name, hasOutputs: false);
        using var scope = _m.Scope("embeddings");
        var o = _bridge.Transformer;
        return _m.Dropout(o.EmbeddingNorm ? NormLayer.Apply(_m, "norm", words, o) : words, o.EmbeddingDropout);
    }

    private Value Queries(int times)
    {
        using var tower = _m.Tower(_bridge.Name, hasOutputs: false);
        return QueryTokens.Apply(_m, _bridge.Transformer, ((QFormerAttribute<object>)_bridge.Options!).Queries, times);
    }

    private void Hidden(Side side, int stream, IReadOnlyList<IReadOnlyList<Value>> entries, IReadOnlyList<Value> results, AttentionOutputs?[] weights)
    {
        if (side.HasHiddenStates)
        {
            _m.Output(side.Name + "_hidden_states", [.. entries.Select(e => e[stream]), results[stream]]);
        }

        weights[stream]?.Give(_m, side.Name + "_");
        _m.Output(side.Name + "_hidden", results[stream]);
    }

    // From each picture to the texts, and from each text to the pictures: the greatest of a picture's queries counts.
    private (Value ToTexts, Value ToImages) Similarities(Value queries, Value first)
    {
        var images = Graph.Normalize(Linear.Apply(_m, "image_projection", queries, _o.Embedding, true, Initial.Projection(_bridge.Transformer, queries.Shape.Columns, _o.Embedding)));
        var texts = Graph.Normalize(Linear.Apply(_m, "text_projection", first, _o.Embedding, true, Initial.Projection(_bridge.Transformer, first.Shape.Columns, _o.Embedding)));
        _m.Output("image_features", images);
        _m.Output("text_features", texts);
        var scale = JointSpace.Scale(_m, _o.Scale, _o.Temperature, double.PositiveInfinity, 0, _o.DecayScale ? ParameterKind.Weight : ParameterKind.Vector);
        if (_contrastive is not { OwnSideOnly: true } || !HasLoss)
        {
            var both = Greatest(images, scale(texts));
            return (Graph.Transpose(both), both);
        }

        return (Graph.Transpose(Greatest(images, scale(Graph.Detach(texts)))), Greatest(Graph.Detach(images), scale(texts)));
    }

    // [texts, pictures].
    private Value Greatest(Value images, Value texts)
    {
        var (text, image, query) = (new Axis("text", Extent.Batch), new Axis("image", Extent.Batch), images.Shape.Axes[1]);
        var each = Graph.Reshape(Graph.MatMul(texts, images, false, true, "similarities_of_queries"), new Shape(text, image, query));
        return Graph.Reshape(Graph.Largest(each), new Shape(text, image));
    }

    private Value Contrast(Value toTexts, Value toImages, Value ids) => Graph.Scale(Graph.Add(
        Graph.MatchCrossEntropy(toTexts, ids, ids, Mean, smoothing: _contrastive!.LabelSmoothing), Graph.MatchCrossEntropy(toImages, ids, ids, Mean, smoothing: _contrastive.LabelSmoothing)), 0.5);

    // Pairs, then texts with other pictures, then pictures with other texts.
    private Value Matching(Value words, Value? mask, Value toTexts, Value toImages, Value ids)
    {
        var pictures = NegativeChoice.Of(Graph, toImages, ids, Draws("image"));
        var others = NegativeChoice.Of(Graph, toTexts, ids, Draws("text"));
        var seenPictures = _memory.Tokens!; // all passes of this model read pictures
        var (seen, there) = (mask is null ? null : Graph.Floats(mask), _memory.Mask is null ? null : Graph.Floats(_memory.Mask));
        var logits = Match(3,
            _memory with { Tokens = WithOthers(seenPictures), Mask = there is null ? null : WithOthers(there) },
            Graph.StackSamples(words, words, Graph.PickSamples(others, words)),
            seen is null ? null : Graph.StackSamples(seen, seen, Graph.PickSamples(others, seen)));
        _m.Output("matching_logits", logits);
        _m.Output("image_choice", pictures);
        _m.Output("text_choice", others);
        if (_pass == Pass.Evaluate)
        {
            _m.Output("match_logits", Graph.FirstSamples(logits));
        }

        return Graph.Scale(Graph.PairMatch(logits, Mean, Extent.Batch), 1.0 / 3);

        Value WithOthers(Value own) => Graph.StackSamples(own, Graph.PickSamples(pictures, own), own);
    }

    private Value? Draws(string side) => _pass == Pass.Train && _matching!.Negatives == HardNegatives.Drawn
        ? _m.Input(side + NegativeChoice.Draws, Shape.Of(("row", Extent.Batch), ("column", Extent.Batch))) : null;

    private Value Match(int times, Memory pictures, Value words, Value? mask)
    {
        var (_, results) = QueryStack.Apply(_m, "matching.blocks", _bridge, _text, Queries(times), pictures, [new(Normed(words), mask, TextSight.Together)], []);
        if (HasLoss)
        {
            _m.Output("matching_query_hidden", results[0]);
            _m.Output("matching_text_hidden", results[1]);
        }

        // The mean of the queries' logits is the logit of their mean.
        return Linear.Apply(_m, MatchHead, Graph.MeanTokens(results[0], 0), 2, true, Initial.Projection(_bridge.Transformer, results[0].Shape.Columns, 2));
    }

    private IEnumerable<Value> Say(Value hidden)
    {
        _m.Output("said_hidden", hidden);
        using var head = _m.Head(_text.Name);
        using var scope = _m.Scope("head");
        var logits = Heads.TransformedVocabulary(_m, true, Text.Activation, Text, hidden);
        _m.Output("said_logits", logits);
        return HasLoss ? [Heads.Targets(_m, logits, _grounded!.LabelSmoothing)] : [];
    }

    private Value Loss(string name, Value loss, QueryObjectiveAttribute objective)
    {
        Graph.Output(name, loss);
        return objective.Weight == 1 ? loss : Graph.Scale(loss, objective.Weight);
    }
}

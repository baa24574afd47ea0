using ModelCompiler.Cli.Hosting;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;
using Pass = ModelCompiler.Runtime.Pass;

namespace ModelCompiler.Cli.Embedding;

/// <summary>How a model makes vectors of texts: what is compiled, the tower that reads them, and which of its outputs is the vector.</summary>
/// <param name="Spec">The model with as little beside the towers as its format allows.</param>
/// <param name="Tower">Options of the tower that reads texts.</param>
/// <param name="Inputs">Names of the emitted types of rows that the pass takes; texts are in the first.</param>
/// <param name="Pass">What computes the vectors.</param>
/// <param name="Output">One vector a text, or one a token.</param>
/// <param name="IsOfTokens">The vector of a text is the mean of those of its tokens.</param>
/// <param name="IsUnit">The vectors meet others in a joint space, where they have unit length.</param>
internal sealed record TextReading(ModelSpec Spec, TextTransformerAttribute Tower, IReadOnlyList<string> Inputs, Pass Pass, string Output, bool IsOfTokens, bool IsUnit)
{
    /// <summary>The outputs hold scores of the whole vocabulary for each token, which are large: the format has no model without them.</summary>
    public bool HasScores => Spec.Attributes.Any(static a => a.Name == "CausalLanguageModel");

    /// <summary>Rows have one length, whatever the texts have: tokens of padding change the vector.</summary>
    public bool ReadsPadding => Tower.AttendPadding && (Tower is TransformerEncoderAttribute || Tower.Pooling == Pooling.Last);

    /// <param name="hasPooling">The folder says beside the model how tokens become one vector, and the spec pools so.</param>
    /// <exception cref="HostException">The model makes no vectors of texts, or of two kinds; the message says what it is instead.</exception>
    public static TextReading Of(string folder, ModelSpec spec, bool hasPooling)
    {
        var model = AttributeBinder.Bind(spec).Model;
        Side[] sides = [.. Side.Of(model)];
        var texts = Array.FindAll(sides, static s => s.IsText);
        switch (model.Architecture)
        {
            case TextTransformerAttribute tower when hasPooling || HasVector(spec, tower):
                return new(Lean(spec), tower, [texts[0].InputClass], Pass.Forward, "pooled", IsOfTokens: false, tower is { Pooling: Pooling.End or Pooling.HighestId, Pooler: Pooler.Linear });
            case TextTransformerAttribute tower:
                return new(Lean(WithoutPooling(spec)), tower, [texts[0].InputClass], Pass.Forward, "hidden", IsOfTokens: true, IsUnit: false);
            case CompositionAttribute when texts is [var text]:
                return new(Lean(spec), (TextTransformerAttribute)text.Options!, [text.InputClass], text == sides[0] ? Pass.EncodeFirst : Pass.EncodeSecond, text.Features, IsOfTokens: false, IsUnit: true);
            case EncoderDecoderAttribute<object, object> when sides[0] is { IsText: true, Options: TextTransformerAttribute encoder }:
                return new(Lean(spec), encoder, [.. sides.Select(static s => s.InputClass)], Pass.Forward, sides[0].Name + "_hidden", IsOfTokens: true, IsUnit: false);
            default:
                throw new HostException($"{folder} holds a model with [{spec.Attributes[0].Name}]{Format(spec)}, {Reason(model, texts.Length)}. modelc scaffold writes the class that loads it, with typed inputs and outputs.");
        }
    }

    private static string Format(ModelSpec spec) =>
        spec.Attributes.FirstOrDefault(static a => a.Name == "Checkpoint")?.Arguments is [{ Value: SpecValue.Integer format }, ..] ? $" ({(CheckpointFormat)format.Value})" : "";

    private static string Reason(BoundModel model, int texts) => model.Architecture switch
    {
        CompositionAttribute when texts == 2 => "whose towers both read texts: which one is to embed them is not known, and EncodeFirst and EncodeSecond of its class do either",
        TowersAttribute when texts > 0 => "in which texts are read together with a picture: there is no pass for a text alone",
        _ when Side.All(model).Any(static s => s.Inputs == InputKind.Vectors) => "which reads vectors of pictures alone: there is no vector of a text",
        _ => "which reads pictures alone: there is no vector of a text",
    };

    // CLIP's texts are what stands at their end token; a class of our own is trained on what it pools.
    private static bool HasVector(ModelSpec spec, TextTransformerAttribute tower) =>
        tower.Pooling is Pooling.End or Pooling.HighestId || (tower.Pooling != Pooling.None && IsOwn(spec) && spec.Attributes.All(static a => a.Name != "Classification"));

    private static bool IsOwn(ModelSpec spec) => spec.Attributes.All(static a => a.Name != "Checkpoint");

    // Files of our own say every option: there what is pooled besides stays.
    private static ModelSpec WithoutPooling(ModelSpec spec)
    {
        if (IsOwn(spec))
            return spec;
        var tower = spec.Attributes[0];
        return spec with { Attributes = new([tower with { Arguments = new(tower.Arguments.Where(static a => a.Name is not ("Pooling" or "Pooler" or "PoolerWidth" or "PoolerBias"))) }, .. spec.Attributes.Skip(1)]) };
    }

    // Without heads and training, where the format can be read so.
    private static ModelSpec Lean(ModelSpec spec)
    {
        if (IsOwn(spec))
            return spec;
        var lean = spec with { Attributes = new([spec.Attributes[0], .. spec.Attributes.Skip(1).Where(static a => a.Name is "Checkpoint" or "Share")]) };
        return CompilerPipeline.Check(lean).Count == 0 ? lean : spec;
    }
}

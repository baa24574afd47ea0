using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>A tower, and a decoder whose blocks read its tokens.</summary>
internal sealed class EncoderDecoder : Architecture
{
    private const string Projection = "encoder_projection";

    // Of all layers in order, [batch, tokens, keys and values] each.
    private const string Kept = "keys_and_values";

    public override Type Attribute => typeof(EncoderDecoderAttribute<,>);

    public override void Validate(BoundModel model, ProblemList p)
    {
        DecoderRules.Validate(model, p);
        TowerRules.Validate(model, p, static (parameter, side, tower) => side.Name == "decoder" ? DecoderRules.Tower(parameter, side, tower) : null);
    }

    public override void Build(ModelBuilder m, BoundModel model, Pass pass)
    {
        var sides = Side.Of(model);
        var (encoder, decoder) = (sides[0], sides[1]);
        var o = decoder.Transformer;
        var memory = pass == Pass.Decode ? new Memory(null, null) : Encode(m, encoder);
        if (HasProjection(model) && memory.Tokens is { } tokens)
        {
            memory = memory with { Tokens = Linear.Apply(m, Projection, tokens, o.Width, true, Initial.Projection(o, tokens.Shape.Columns, o.Width)) };
        }

        Features features;
        using (m.Tower(decoder.Name, hasOutputs: true))
        {
            if (pass == Pass.Prime)
            {
                m.Graph.Output(Kept, [.. BlockStack.KeysAndValues(m, memory.Tokens!, o)]);
                return;
            }

            m.KeepsKeys = pass == Pass.Decode;
            features = Tower(decoder).Features(m, o, new Reading(memory));
        }

        using (m.Head(decoder.Name))
        {
            if (pass == Pass.Decode)
            {
                Heads.NextToken(m, model.Get<CausalLanguageModelAttribute>()!, (TextTransformerAttribute)o, features.Hidden);
                return;
            }

            Heads.Apply(m, model, o, features, withLoss: pass != Pass.Forward);
        }
    }

    /// <summary>Whether the encoder's tokens are projected before they are read.</summary>
    public static bool HasProjection(BoundModel model) => ((EncoderDecoderAttribute<object, object>)model.Architecture).Projection;

    private static Memory Encode(ModelBuilder m, Side encoder)
    {
        using var tower = m.Tower(encoder.Name, hasOutputs: true);
        var features = Tower(encoder).Features(m, encoder.Options!, Reading.Nothing);
        return new Memory(features.Hidden, features.Mask);
    }

    private static TowerArchitecture Tower(Side side) => (TowerArchitecture)ArchitectureCatalogue.Of(side.Model);
}

using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Formats of an encoder and a decoder that reads it.</summary>
internal abstract class EncoderDecoderFamily : TowersFamily
{
    /// <summary>The bias of the logits.</summary>
    protected const string HeadBias = "decoder.head.bias";

    protected sealed override string Composition => "EncoderDecoder";

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (!Holds(model, p))
        {
            return;
        }

        foreach (var format in Towers(model))
        {
            format.Validate(model, p, static (_, _) => { });
        }

        if (p.Items.Count == 0)
        {
            Options(model, (EncoderDecoderAttribute<object, object>)model.Architecture, p);
        }
    }

    protected override void Objective(ConfigFile config, ScaffoldedModel s) => s.Add("CausalLanguageModel");

    /// <summary>Adds what the format cannot hold of both together.</summary>
    protected abstract void Options(BoundModel model, EncoderDecoderAttribute<object, object> o, ProblemList p);

    /// <summary>Adds a problem where the head is no product with the token table.</summary>
    protected void RequireTied(BoundModel model, ProblemList p)
    {
        if (model.Get<CausalLanguageModelAttribute>() is { } l)
        {
            Require(p, l, nameof(l.Tied), l.Tied, true);
        }
    }

    /// <summary>Adds what a model cannot be whose towers and head have one token table.</summary>
    /// <param name="hasBias">Whether the format has a bias of the logits.</param>
    protected void RequireOneTable(BoundModel model, EncoderDecoderAttribute<object, object> o, string table, bool hasBias, ProblemList p)
    {
        Require(p, o, nameof(o.Projection), o.Projection, false);
        RequireTied(model, p);
        if (model.Get<CausalLanguageModelAttribute>() is { } l)
        {
            Require(p, l, nameof(l.Bias), l.Bias, hasBias);
        }

        if (Sharing.Of(model) is not { Parts: [var only] } || only != table)
        {
            var (at, argument) = model.Get<ShareAttribute>() is { } share ? ((Attribute)share, "") : (model.Get<CheckpointAttribute>()!, "format");
            p.Add(Rules.FormatCannotExpress, at, argument, $"{Format} checkpoints have one token table for both towers, and nothing else that they share: give the model [Share(\"{table}\")], or store it as CheckpointFormat.Native");
        }

        RequireOne(model, static t => t.Width, nameof(TransformerAttribute.Width), p);
    }

    /// <summary>Makes the token table of both towers one.</summary>
    protected static void ShareTable(ScaffoldedModel s, string table)
    {
        s.Add("Share");
        s.Set("Share", "parts", new[] { table }, null);
    }

    /// <summary>Adds a problem where an option differs between the towers, of which the format has one for both.</summary>
    protected void RequireOne<T>(BoundModel model, Func<TextTransformerAttribute, T> value, string option, ProblemList p)
    {
        if (Side.Of(model) is [{ Options: TextTransformerAttribute encoder } first, { Options: TextTransformerAttribute decoder } second] && !Equals(value(encoder), value(decoder)))
        {
            p.Add(Rules.FormatCannotExpress, model.Architecture, "TDecoder",
                $"'{first.Model.Spec.Type.Name}' has {option} {value(encoder)} and '{second.Model.Spec.Type.Name}' {value(decoder)}, but {Format} checkpoints have one for both: give both the same, or store the model as CheckpointFormat.Native");
        }
    }
}

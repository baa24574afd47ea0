using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>A tower of pictures, a Q-Former that reads it, and a decoder whose rows begin with what the queries found.</summary>
internal sealed class Blip2 : Architecture
{
    public override Type Attribute => typeof(Blip2Attribute<,,>);

    public override void Validate(BoundModel model, ProblemList p)
    {
        DecoderRules.Validate(model, p);
        if (TowerRules.Validate(model, p, Tower) is null)
        {
            return;
        }

        var (image, bridge, text) = (Side.All(model)[0], Side.All(model)[1], Side.All(model)[2]);
        var (queries, o) = ((QFormerAttribute<object>)bridge.Options!, (TextTransformerAttribute)text.Options!);
        RequireRead(model, image, bridge, p);
        if (o.Context <= queries.Queries)
        {
            p.Add(Rules.Conflict, model.Architecture, "TText", $"'{text.Model.Spec.Type.Name}' has a Context of {o.Context}, and {queries.Queries} tokens of a row are the queries': set Context to {queries.Queries + 1} or more");
        }

        if (o.AttendPadding || o.Segments > 0)
        {
            p.Add(Rules.Conflict, model.Architecture, "TText", $"'{text.Model.Spec.Type.Name}' has AttendPadding or Segments, which say nothing of rows that begin with a picture: leave them out");
        }
    }

    public override void Build(ModelBuilder m, BoundModel model, Pass pass)
    {
        var (image, bridge, text) = (Side.All(model)[0], Side.All(model)[1], Side.All(model)[2]);
        var o = (TextTransformerAttribute)text.Options!;
        var prefix = pass == Pass.Decode ? null : Prefix(m, image, bridge, o);
        m.KeepsKeys = pass is Pass.Prime or Pass.Decode;
        var features = Features(m, text, new Reading(Prefix: prefix));
        using (m.Head(text.Name))
        {
            if (m.IsDecoding)
            {
                Heads.NextToken(m, model.Get<CausalLanguageModelAttribute>()!, o, features.Hidden);
                return;
            }

            Heads.Apply(m, model, o, features, withLoss: pass != Pass.Forward);
        }
    }

    // What the queries found, in the width of the text.
    private static Value Prefix(ModelBuilder m, Side image, Side bridge, TextTransformerAttribute o)
    {
        var found = Features(m, bridge, new Reading(QFormer.Pictures(m, image))).Hidden;
        var prefix = Linear.Apply(m, "projection", found, o.Width, true, Initial.Projection(o, found.Shape.Columns, o.Width));
        m.Output("projected", prefix);
        return prefix;
    }

    /// <summary>Adds a problem where the Q-Former reads another tower than that of pictures.</summary>
    public static void RequireRead(BoundModel model, Side image, Side bridge, ProblemList p)
    {
        var read = bridge.Model.Spec.Attributes.First(static a => a.Name == "QFormer").TypeArguments[0].Type;
        if (read.FullName != image.Model.Spec.Type.FullName)
        {
            p.Add(Rules.Conflict, model.Architecture, "TQFormer", $"'{bridge.Model.Spec.Type.Name}' reads '{read.Name}', and TImage is '{image.Model.Spec.Type.Name}': name the same tower in both");
        }
    }

    /// <summary>What is wrong with the tower in the place between pictures and text.</summary>
    public static (SpecRule Rule, string Message)? Bridge(string parameter, Side side, TowerAttribute tower) => tower is QFormerAttribute<object> ? null
        : (Rules.NotATower, $"'{side.Model.Spec.Type.Name}' has no queries, and {parameter} is what asks the picture: name a class with [QFormer<TImage>]");

    private static Features Features(ModelBuilder m, Side side, Reading reading)
    {
        using var tower = m.Tower(side.Name, hasOutputs: true);
        return ((TowerArchitecture)ArchitectureCatalogue.Of(side.Model)).Features(m, side.Options!, reading);
    }

    private static (SpecRule Rule, string Message)? Tower(string parameter, Side side, TowerAttribute tower) => side.Name switch
    {
        "image" => QFormer.Tower(parameter, side, tower),
        Side.BridgeName => Bridge(parameter, side, tower),
        _ => DecoderRules.Tower(parameter, side, tower),
    };
}

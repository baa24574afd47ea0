using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Two towers in one graph, each under its name, and the space where they meet.</summary>
internal abstract class Composition : Architecture
{
    public override void Validate(BoundModel model, ProblemList p) => CompositionRules.Validate(model, p);

    public override void Build(ModelBuilder m, BoundModel model, Pass pass)
    {
        var o = (CompositionAttribute)model.Architecture;
        var sides = Side.Of(model);
        Value Features(Side side) => JointSpace.Features(m, o, side, Pooled(m, side));
        switch (pass)
        {
            case Pass.EncodeFirst:
                Features(sides[0]);
                break;
            case Pass.EncodeSecond:
                Features(sides[1]);
                break;
            case Pass.Forward:
                JointSpace.Meet(m, o, new(sides[0].Name, Features(sides[0])), new(sides[1].Name, Features(sides[1])), []);
                break;
            case Pass.Embed:
                var embedded = LearningFirst(model, sides).Select(side => (Side: side, Features: Features(side))).ToArray();
                foreach (var (side, own) in embedded)
                {
                    GatheredPairs.Give(m, side, own, MomentumState.Copy(m, o, () => Features(side)));
                }

                break;
            case Pass.Compare:
                var gathered = sides.Select(side => MomentumState.With(m, o, side.Name, GatheredPairs.Take(m, side, Width(o, side), Learns(model, side)),
                    o.Momentum == 0 ? null : GatheredPairs.TakeMomentum(m, side, Width(o, side)))).ToArray();
                MomentumState.Keep(m, gathered);
                JointSpace.Meet(m, o, gathered[0], gathered[1], [.. model.Attributes.OfType<PairObjectiveAttribute>()]);
                break;
            case Pass.Backward:
                foreach (var side in LearningFirst(model, sides).Where(s => Learns(model, s)))
                {
                    GatheredPairs.Begin(m, side, Features(side));
                }

                break;
            default:
                Value[] features = [Features(sides[0]), Features(sides[1])];
                var met = sides.Zip(features, (side, own) => MomentumState.Of(m, o, side.Name, own, () => Features(side))).ToArray();
                if (pass == Pass.Train)
                {
                    MomentumState.Keep(m, met);
                }

                JointSpace.Meet(m, o, met[0], met[1], [.. model.Attributes.OfType<PairObjectiveAttribute>()]);
                break;
        }
    }

    /// <summary>Whether something below the features of a side learns.</summary>
    public static bool Learns(BoundModel model, Side side) =>
        ArchitectureCatalogue.Build(model, side.Name == Side.Of(model)[0].Name ? Pass.EncodeFirst : Pass.EncodeSecond).Parameters.Any(static p => p.IsTrainable);

    // Backward is without what does not learn: dropout has the numbers that it had when both were built.
    private static IEnumerable<Side> LearningFirst(BoundModel model, IEnumerable<Side> sides) => sides.OrderBy(s => Learns(model, s) ? 0 : 1);

    private static int Width(CompositionAttribute o, Side side) => o.Projection == Projection.None ? side.PooledWidth : o.Embedding;

    private static Value Pooled(ModelBuilder m, Side side)
    {
        using var tower = m.Tower(side.Name, side.ShowsInside, side.Length);
        return ((TowerArchitecture)ArchitectureCatalogue.Of(side.Model)).Features(m, side.Options!, Reading.Nothing).Pooled!;
    }
}

/// <summary>A tower of pictures and one of text.</summary>
internal sealed class Clip : Composition
{
    public override Type Attribute => typeof(ClipAttribute<,>);
}

/// <summary>Any two towers.</summary>
internal sealed class DualEncoder : Composition
{
    public override Type Attribute => typeof(DualEncoderAttribute<,>);
}

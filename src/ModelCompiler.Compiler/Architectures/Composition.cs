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
        Value Features(Side side) => Built(side).Features;
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
                foreach (var (side, pooled, own) in LearningFirst(model, sides).Select(Built).ToArray())
                {
                    GatheredPairs.Give(m, side, own, IsStill(model, side) ? null : Copy(m, model, side, pooled, own));
                }

                break;
            case Pass.Compare:
                var gathered = sides.Select(side =>
                {
                    var own = GatheredPairs.Take(m, side, Width(o, side), Learns(model, side));
                    return MomentumState.With(m, o, side.Name, own, o.Momentum == 0 ? null : IsStill(model, side) ? own : GatheredPairs.TakeMomentum(m, side, Width(o, side)));
                }).ToArray();
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
                var met = sides.Select(Built).ToArray().Select(b => MomentumState.With(m, o, b.Side.Name, b.Features, Copy(m, model, b.Side, b.Pooled, b.Features))).ToArray();
                if (pass == Pass.Train)
                {
                    MomentumState.Keep(m, met);
                }

                JointSpace.Meet(m, o, met[0], met[1], [.. model.Attributes.OfType<PairObjectiveAttribute>()]);
                break;
        }

        (Side Side, Value Pooled, Value Features) Built(Side side)
        {
            var pooled = Pooled(m, side);
            return (side, pooled, JointSpace.Features(m, o, side, pooled));
        }
    }

    /// <summary>Whether something below the features of a side learns.</summary>
    public static bool Learns(BoundModel model, Side side) =>
        ArchitectureCatalogue.Build(model, side.Name == Side.Of(model)[0].Name ? Pass.EncodeFirst : Pass.EncodeSecond).Parameters.Any(static p => p.IsTrainable);

    // The copy of a side; what never changes is its own.
    private static Value? Copy(ModelBuilder m, BoundModel model, Side side, Value pooled, Value features)
    {
        var o = (CompositionAttribute)model.Architecture;
        return o.Momentum == 0 ? null : IsStill(model, side) ? features : MomentumState.Copy(m, () => JointSpace.Features(m, o, side, HasStillTower(model, side) ? pooled : Pooled(m, side)));
    }

    // Nothing of it learns, and it has no dropout.
    private static bool HasStillTower(BoundModel model, Side side) => side.Inputs == InputKind.Vectors || (PartNames.Of(model) is var names && names.IsFrozen(names.Home(side.Name)));

    private static bool IsStill(BoundModel model, Side side) => HasStillTower(model, side) && !Learns(model, side);

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

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

    private static Value Pooled(ModelBuilder m, Side side)
    {
        using var tower = m.Tower(side.Name, side.Options!.HiddenStates);
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

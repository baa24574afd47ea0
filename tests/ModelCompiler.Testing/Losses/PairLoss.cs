using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Testing;

/// <summary>
/// A loss of two towers' vectors as the attributes of a model: in double, its towers' vectors are the parameters; as a model that an engine runs, towers are the rows of the unit
/// matrix, so that projections hold the vectors, a column for each.
/// </summary>
internal sealed class PairLoss : StoredLoss
{
    /// <param name="space">Options of <see cref="CompositionAttribute"/>.</param>
    public PairLoss(LossFolder folder, (string, object)[] space, params AttributeSpec[] objectives)
        : base(folder)
    {
        var (vectors, others) = (Vectors("image"), Vectors("text"));
        if (!vectors.Shape.SequenceEqual(others.Shape))
        {
            throw new InvalidDataException($"there are vectors [{string.Join(", ", vectors.Shape)}] on one side and [{string.Join(", ", others.Shape)}] on the other");
        }

        (Pairs, Width) = (vectors.Shape[0], vectors.Shape[1]);
        AttributeSpec[] rows = [ModelCases.Attribute("PrecomputedFeatures", ("Width", Pairs))];
        Attributes = [ModelCases.Meet("Clip", rows, rows, [("Embedding", Width), ("ScaleLimit", 0.0), .. space]), .. objectives];

        StoredTensor Vectors(string side) => folder.Model[Theirs(side, folder.Model)];
    }

    public int Pairs { get; }

    public int Width { get; }

    /// <summary>The model without an optimizer.</summary>
    public IReadOnlyList<AttributeSpec> Attributes { get; }

    /// <summary>The model's parameter that holds a tensor of the folder; vectors lie there in columns.</summary>
    public static string HomeOf(string tensor) => tensor switch
    {
        "image" or "im" => "image_projection.weight",
        "text" or "s" => "text_projection.weight",
        "temp" => JointSpace.Temperature,
        _ => tensor,
    };

    public override void Build(LossBuilder b)
    {
        var model = ModelCases.Bind([.. Attributes]);
        var options = (CompositionAttribute)model.Architecture;
        var sides = new[] { "image", "text" }.Select(side => new MeetingSide(side, JointSpace.Unit(b.Graph, options, b.Parameter(side)))).ToArray();
        foreach (var side in sides)
        {
            b.Graph.Output(side.Name + "_features", side.Features);
        }

        b.Mean("pairs_scale", Pairs);
        JointSpace.Meet(b.Model, options, sides[0], sides[1], [.. model.Attributes.OfType<PairObjectiveAttribute>()]);
    }
}

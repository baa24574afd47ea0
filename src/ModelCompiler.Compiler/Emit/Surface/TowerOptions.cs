using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>What a tower makes of its weights that their shapes do not show: weights of a tower with other values of these would mean something else.</summary>
internal static class TowerOptions
{
    // Pooling is not among them: it is chosen anew where a tower becomes a part of something.
    private static readonly string[] s_names =
    [
        nameof(TransformerAttribute.Heads), nameof(TransformerAttribute.AttentionScale), nameof(TransformerAttribute.Activation), nameof(TransformerAttribute.Norm), nameof(TransformerAttribute.NormPlacement),
        nameof(TransformerAttribute.NormEpsilon), nameof(TransformerAttribute.FinalNormEpsilon), nameof(TransformerAttribute.Positions),
        nameof(TextTransformerAttribute.PaddingToken), nameof(TextTransformerAttribute.AttendPadding), nameof(TextTransformerAttribute.PositionOffset), nameof(TextTransformerAttribute.CountPadding),
        nameof(TextTransformerAttribute.ScaleEmbeddings), nameof(TextTransformerAttribute.RotaryBase), nameof(VisionTransformerAttribute.PrefixPositions),
    ];

    /// <summary>The towers of a composition whose weights come from models that are those towers alone, and go to them: not those that read another, nor what lacks parts that are shared.</summary>
    public static IEnumerable<Side> Exchanged(BoundModel model) =>
        Side.AreNamed(model) ? Side.All(model).Where(s => !s.Model.IsReader && PartNames.Of(model).IsWhole(s.Name)) : [];

    /// <summary>What the runtime compares of a model: itself where it is a tower, and the towers that it exchanges.</summary>
    public static string Print(BoundModel model) =>
        string.Join(", ", Exchanged(model).Prepend(new Side("", model, model.Architecture as TowerAttribute)).Where(static s => s.Options is not null).Select(static s => Print(s.Name, s.Options!)));

    private static string Print(string name, TowerAttribute options) =>
        $"new({Names.Text(name)}, {Names.Text(AttributeBinder.NameOf(options.GetType()))}, [{string.Join(", ", Written(options).Select(static o => $"({Names.Text(o.Name)}, {Names.Text(o.Value)})"))}])";

    private static IEnumerable<(string Name, string Value)> Written(TowerAttribute tower)
    {
        var plain = AttributeBinder.Plain(tower.GetType());
        return s_names.Select(tower.GetType().GetProperty).Where(static p => p is not null)
            .Where(p => !Equals(p!.GetValue(tower), p.GetValue(plain))).Select(p => (p!.Name, FormattableString.Invariant($"{p.GetValue(tower)}")));
    }
}

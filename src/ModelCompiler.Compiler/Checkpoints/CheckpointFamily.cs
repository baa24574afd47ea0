using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// A checkpoint format: its tensor names, its <c>config.json</c> and what it cannot express. The same tables are used to load, to
/// save and, read backwards, to write the attributes that a folder asks for.
/// </summary>
internal abstract class CheckpointFamily
{
    public abstract CheckpointFormat Format { get; }

    /// <summary>Every format.</summary>
    public static IReadOnlyList<CheckpointFamily> All { get; } =
        [new NativeFamily(), new HuggingFaceBert(), new HuggingFaceRoberta(), new HuggingFaceGpt2(), new NanoGpt(), new HuggingFaceVit(), new TimmVit()];

    /// <summary>The format of a model.</summary>
    public static CheckpointFamily Of(BoundModel model)
    {
        var format = model.Get<CheckpointAttribute>()?.Format ?? CheckpointFormat.Native;
        return All.Single(f => f.Format == format);
    }

    protected virtual string[] OptionalPrefixes => [];

    protected virtual string[] Ignored => [];

    /// <summary>Tensors that the format has for a model.</summary>
    protected abstract IEnumerable<TensorRule> Tensors(BoundModel model);

    /// <summary>Keys of the configuration.</summary>
    public abstract IReadOnlyList<ConfigRow> Rows { get; }

    /// <summary>True for a configuration of this format.</summary>
    public abstract bool Recognises(ConfigFile config);

    /// <summary>The architecture and objective that a folder asks for; the rows fill in their arguments.</summary>
    public abstract void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel model);

    /// <summary>Options that the format cannot express become problems.</summary>
    public abstract void Validate(BoundModel model, ProblemList problems);

    /// <summary>The tables of a model.</summary>
    public CheckpointNames Names(BoundModel model, IReadOnlyList<Parameter> parameters)
    {
        var named = Named(parameters);
        var rules = Format == CheckpointFormat.Native ? named.Select(static p => new TensorRule(p.Name, p.Name)) : Tensors(model);
        return new CheckpointNames(Format.ToString(), OptionalPrefixes, TensorRule.Apply(rules, named, out _), Ignored,
            [.. Rows.Select(r => r.Value(model)).OfType<ConfigValue>()]);
    }

    /// <summary>Parameters that no tensor of the format holds.</summary>
    public IReadOnlyList<string> Homeless(BoundModel model, IReadOnlyList<Parameter> parameters)
    {
        TensorRule.Apply(Tensors(model), Named(parameters), out var homeless);
        return Format == CheckpointFormat.Native ? [] : homeless;
    }

    /// <summary>Every named part of every layer.</summary>
    public static IReadOnlyList<NamedParameter> Named(IReadOnlyList<Parameter> parameters) => [.. parameters
        .Where(static p => p.Kind != ParameterKind.Constant)
        .SelectMany(static p => p.Run is { } run
            ? Enumerable.Range(run.First, run.Count).SelectMany(layer => p.Parts.Where(static x => !x.IsAbsent).Select(x => new NamedParameter(x.Path.Replace("{layer}", $"{layer}"), x.Shape)))
            : p.Parts.Where(static x => !x.IsAbsent).Select(static x => new NamedParameter(x.Path, x.Shape)))];

    /// <summary>Adds a problem where an option differs from the only value that the format has.</summary>
    protected void Require<T>(ProblemList p, Attribute attribute, string option, T value, params T[] legal)
    {
        if (!legal.Contains(value))
        {
            p.Add(Rules.FormatCannotExpress, attribute, option, $"{option} is {Text(value)}, but {Format} checkpoints have {string.Join(" or ", legal.Select(Text))}: change it, or store the model as CheckpointFormat.Native");
        }
    }

    // As C# writes it, without the name of an enum.
    private static string Text<T>(T value) => value is bool b ? b ? "true" : "false" : $"{value}".Replace(", ", " | ");
}

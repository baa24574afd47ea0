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
    [
        new NativeFamily(), new HuggingFaceBert(), new HuggingFaceRoberta(), new HuggingFaceDistilBert(), new HuggingFaceGpt2(), new NanoGpt(), new HuggingFaceOpt(),
        new HuggingFaceLlama(), new HuggingFaceVit(), new HuggingFaceDeit(), new HuggingFaceDinov2(), new TimmVit(), new HuggingFaceClip(), new HuggingFaceSiglip(),
        new HuggingFaceClipText(), new HuggingFaceClipVision(), new HuggingFaceChineseClip(), new HuggingFaceVisionTextDual(),
        new OpenAiClip(), new OpenClip(custom: false), new OpenClip(custom: true),
        new HuggingFaceBart(), new HuggingFaceMarian(), new TorchTransformer(), new HuggingFaceVisionEncoderDecoder(), new HuggingFaceBlip2(), new HuggingFaceBlip2Retrieval(), new HuggingFaceQFormer(), new LavisBlip2(),
    ];

    /// <summary>The format of a model.</summary>
    public static CheckpointFamily Of(BoundModel model)
    {
        var format = model.Get<CheckpointAttribute>()?.Format ?? CheckpointFormat.Native;
        return All.Single(f => f.Format == format);
    }

    protected virtual string[] OptionalPrefixes => [];

    protected virtual string[] Ignored => [];

    /// <summary>Keys of the configuration that change nothing we compute.</summary>
    public virtual IReadOnlyList<string> Neutral => HuggingFaceConfig.Neutral;

    /// <summary>Tensors that the format has for a model.</summary>
    public abstract IEnumerable<TensorRule> Tensors(BoundModel model);

    /// <summary>Keys of the configuration.</summary>
    public abstract IReadOnlyList<ConfigRow> Rows { get; }

    private IEnumerable<ConfigRow> AllRows => Rows.Concat(HuggingFaceConfig.Rest(Rows, Neutral));

    /// <summary>True for a configuration of this format.</summary>
    public abstract bool Recognises(ConfigFile config);

    /// <summary>The architecture and objective that a folder asks for; the rows fill in their arguments.</summary>
    public abstract void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel model);

    /// <summary>All that a configuration asks for: what <see cref="Scaffold"/> sees, and the rows.</summary>
    public void Read(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel model)
    {
        Scaffold(config, tensors, model);
        foreach (var row in AllRows.Where(_ => model.HasArchitecture))
        {
            row.Take(config, model);
        }
    }

    /// <summary>The keys of a model with their values, and those that change nothing.</summary>
    public virtual IEnumerable<ConfigValue> Config(BoundModel model) =>
        [.. AllRows.Select(r => r.Value(model)).OfType<ConfigValue>(), .. Neutral.Count == 0 ? Array.Empty<ConfigValue>() : [ConfigValue.OfNeutral(Neutral)]];

    /// <summary>Options that the format cannot express become problems.</summary>
    public abstract void Validate(BoundModel model, ProblemList problems);

    /// <summary>The tables of a model.</summary>
    public CheckpointNames Names(BoundModel model, IReadOnlyList<Parameter> parameters)
    {
        var named = Named(parameters);
        var rules = Format == CheckpointFormat.Native ? named.Select(static p => new TensorRule(p.Name, p.Name)) : Tensors(model);
        return new CheckpointNames(Format.ToString(), OptionalPrefixes, TensorRule.Apply(rules, named, out _), Ignored, [.. Config(model)]);
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

    /// <summary>
    /// Adds a problem for every option of the architecture that is not at its default, unless the format has a place for it or training
    /// may choose it anew: an option that is added later is refused by the formats that do not know it.
    /// </summary>
    protected void RequireDefaults(ProblemList p, TransformerAttribute o, params string[] expressed)
    {
        var plain = Activator.CreateInstance(o.GetType())!;
        foreach (var property in o.GetType().GetProperties().Where(x => x.CanWrite && !OptionNames.Training.Contains(x.Name) && !expressed.Contains(x.Name)))
        {
            Require(p, o, property.Name, property.GetValue(o), property.GetValue(plain));
        }
    }

    /// <summary>Adds a problem where the architecture is another than the one that the format holds.</summary>
    protected T? Holds<T>(BoundModel model, ProblemList p)
        where T : TransformerAttribute
    {
        if (model.Architecture is T o)
        {
            return o;
        }

        p.Add(Rules.FormatCannotExpress, (Attribute?)model.Get<CheckpointAttribute>() ?? model.Architecture, "format", $"{Format} checkpoints hold a {AttributeBinder.NameOf(typeof(T))}: change the architecture or use CheckpointFormat.Native");
        return null;
    }

    /// <summary>Adds a problem where an option differs from the only value that the format has.</summary>
    protected void Require<T>(ProblemList p, Attribute attribute, string option, T value, params T[] legal) => Require(p, attribute, option, legal.Contains(value), value, legal);

    /// <summary>The same of biases, those of layers that the model has not left aside.</summary>
    protected void RequireBiases(ProblemList p, TransformerAttribute o, params Biases[] legal)
    {
        var there = Biases.All & ~(o.Gated ? 0 : Biases.Gate) & ~(o is VisionTransformerAttribute ? 0 : Biases.Patch);
        Require(p, o, nameof(o.Biases), legal.Any(l => (l & there) == (o.Biases & there)), o.Biases, legal);
    }

    private void Require<T>(ProblemList p, Attribute attribute, string option, bool isLegal, T value, T[] legal)
    {
        if (!isLegal)
        {
            p.Add(Rules.FormatCannotExpress, attribute, option, $"{option} is {Text(value)}, but {Format} checkpoints have {string.Join(" or ", legal.Select(Text))}: change it, or store the model as CheckpointFormat.Native");
        }
    }

    // As C# writes it, without the name of an enum.
    private static string Text<T>(T value) => value is bool b ? b ? "true" : "false" : $"{value}".Replace(", ", " | ");
}

using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Testing;

/// <content>What kind a case is of, and the same models with other options.</content>
internal static partial class ModelCases
{
    /// <summary>Whether a case predicts next tokens.</summary>
    public static bool Generates(AttributeSpec[] attributes) => attributes.Any(static a => a.Name == "CausalLanguageModel");

    /// <summary>Whether it speaks of what another tower gives.</summary>
    public static bool ReadsSource(AttributeSpec[] attributes) => Generates(attributes) && IsComposition(attributes);

    /// <summary>The same model in mixed precision.</summary>
    public static AttributeSpec[] Mixed(this AttributeSpec[] model) => [.. model, Attribute("MixedPrecision", ("activations", Precision.BFloat16))];

    /// <summary>Those that are one tower.</summary>
    public static IEnumerable<string> Towers => All.Where(static c => !IsComposition(c.Value)).Select(static c => c.Key);

    /// <summary>Those of them whose samples do not see each other.</summary>
    public static IEnumerable<string> OfSamples => Towers.Where(static c => All[c].All(static a => a.Name != "SupervisedContrastive"));

    /// <summary>Whether a model's gradient is the slope of its loss: nothing of it is left aside on the way back.</summary>
    public static bool IsSloped(AttributeSpec[] model) => model.All(static a => a.Arguments.All(static x => x.Name != "OwnSideOnly"));

    public static bool IsComposition(AttributeSpec[] model) => model[0].TypeArguments.Count > 0;

    /// <summary>Whether it is two towers whose vectors meet, so that each can be run alone.</summary>
    public static bool Meets(AttributeSpec[] model) => model[0].Name is "Clip" or "DualEncoder";

    /// <summary>The same model with other options of its architecture; of a composition, of its towers.</summary>
    public static AttributeSpec[] With(this AttributeSpec[] model, params (string Name, object Value)[] options) => IsComposition(model)
        ? [model[0] with { TypeArguments = new(model[0].TypeArguments.Select(t => t with { Attributes = new(With([.. t.Attributes], options)) })) }, .. model.Skip(1)] :
    [
        model[0] with { Arguments = new(model[0].Arguments.Where(a => !options.Any(o => o.Name == a.Name)).Concat(options.Select(static o => new ArgumentSpec(o.Name, Value(o.Value))))) },
        .. model.Skip(1),
    ];

    private static SpecValue Value(object value) => value switch
    {
        bool b => new SpecValue.Flag(b),
        int i => new SpecValue.Integer(i),
        double d => new SpecValue.Real(d),
        Enum e => new SpecValue.Integer(Convert.ToInt64(e)),
        string s => new SpecValue.Text(s),
        _ => throw new ArgumentException(value.GetType().Name),
    };
}

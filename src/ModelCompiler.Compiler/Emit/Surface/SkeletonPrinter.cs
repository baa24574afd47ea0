using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>
/// Prints the surface of a class that cannot be compiled, with nothing behind it. Without it whoever names the class's types in a
/// signature would get C#'s errors in place of ours, because analyzers are not asked while declarations are wrong. It follows from the
/// kinds of attributes, compiles whatever their sizes are, and does without names that are taken. It calls types in full, because
/// something nearer to the class may hide them.
/// </summary>
internal static class SkeletonPrinter
{
    private const string Runtime = "global::ModelCompiler.Runtime", Training = Runtime + ".Training";

    public static SourceFile Print(BoundModel model)
    {
        var type = model.Spec.Type;
        var body = $"=> throw new {Runtime}.NotCompiledException({Names.Text(type.Name)});";
        return FileFrame.Print(type, "Skeleton", "What others may name of this model; the build says why nothing is behind it.", $" : {Runtime}.IModel", w =>
        {
            foreach (var (declaration, _) in Members(model).Where(m => !m.Needs.Any(type.Taken.Contains)))
            {
                w.Line($"{declaration} {body}");
            }

            foreach (var data in SkeletonData.Of(model).Where(d => !type.Taken.Contains(d.Name)))
            {
                w.Line();
                using (w.Block(data.Head))
                {
                    foreach (var line in data.Lines)
                    {
                        w.Line(line.EndsWith(";", StringComparison.Ordinal) ? line : $"{line} {body}");
                    }
                }
            }
        });
    }

    /// <summary>Each member with the names that must be free for it: its own and those of the data it takes or gives.</summary>
    private static IEnumerable<(string Declaration, string[] Needs)> Members(BoundModel model)
    {
        var taken = model.Spec.Type.Taken;
        var (input, length) = (SkeletonData.Input(model), SkeletonData.HasTwoLengths(model) ? $"{Runtime}.Lengths lengths, " : SkeletonData.HasText(model) ? "int length, " : "");
        var pass = $"{Runtime}.Pass.{(SkeletonData.HasLoss(model) ? "Train" : "Forward")}";
        yield return ($"public {model.Spec.Type.Name}({Runtime}.Device? device = null, ulong seed = 0)", [TypeSpec.Constructor]);
        yield return (taken.Contains("Core") ? $"{Runtime}.ModelCore {Runtime}.IModel.Core" : $"public {Runtime}.ModelCore Core", []);
        yield return ($"public global::System.Collections.Generic.IReadOnlyDictionary<string, {Runtime}.Parameter> ParametersByName", ["ParametersByName"]);
        yield return ($"public Output Forward({input} inputs)", ["Forward", "Output", input]);
        if (model.Architecture is TowersAttribute && Side.Of(model) is { Count: 2 } sides)
        {
            yield return ($"public Output Forward({SkeletonData.Parameters(sides)})", ["Forward", "Output", .. sides.Select(static s => s.InputClass)]);
            foreach (var side in model.Architecture is CompositionAttribute ? sides : [])
            {
                yield return ($"public Embeddings {PairsPrinter.Encode(side)}({side.InputClass} inputs)", [PairsPrinter.Encode(side), "Embeddings", side.InputClass]);
            }
        }

        if (model.Get<CausalLanguageModelAttribute>() is not null && (input == "Tokens" || model.Architecture is TowersAttribute and not CompositionAttribute && Side.Of(model).Count == 2))
        {
            foreach (var (name, declaration, _, inputs) in GenerationPrinter.Members(Side.Of(model)))
            {
                yield return (declaration, [name, .. inputs]);
            }
        }

        if (SkeletonData.HasLoss(model))
        {
            yield return ("public (double Loss, Output Output) Evaluate(Batch batch)", ["Evaluate", "Output", "Batch"]);
            yield return ("public double TrainStep(params global::System.ReadOnlySpan<Batch> batches)", ["TrainStep", "Batch"]);
            yield return ($"public {Training}.FitResult Fit({Training}.IBatches<Batch> batches, {Training}.FitOptions options, {Training}.IBatches<Batch>? heldOut = null)", ["Fit", "Batch"]);
            yield return ("public double ComputeGradients(params global::System.ReadOnlySpan<Batch> batches)", ["ComputeGradients", "Batch"]);
        }

        yield return ($"public long MemoryFor(int batch, {length}{Runtime}.Pass pass = {pass})", ["MemoryFor"]);
        yield return ($"public {Runtime}.Checkpoints.LoadReport LoadPretrained(string folder)", ["LoadPretrained"]);
        yield return ("public void Save(string folder)", ["Save"]);
        yield return (taken.Contains("Dispose") ? "void global::System.IDisposable.Dispose()" : "public void Dispose()", []);
    }
}

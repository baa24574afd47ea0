using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>Prints what models of two towers have besides: pairs of inputs, and features of one side at a time.</summary>
internal static class PairsPrinter
{
    /// <summary>The class of pairs, and how they become inputs.</summary>
    public static void Print(CompiledModel model, SourceWriter w)
    {
        var (first, second) = (model.Sides[0], model.Sides[1]);
        w.Summary($"Pairs: as many {first.Name} inputs as {second.Name} inputs, those of one number belong together.");
        using (w.Block("public sealed class Pairs"))
        {
            w.Line($"/// <exception cref=\"ArgumentException\">Not as many on both sides.</exception>");
            using (w.Block($"public Pairs({Parameters(model)})"))
            {
                using (w.Block($"if ({first.Name}.Count != {second.Name}.Count)"))
                {
                    w.Line($"throw new ArgumentException($\"{{{first.Name}.Count}} inputs on the {first.Name} side and {{{second.Name}.Count}} on the {second.Name} side: pairs need as many.\");");
                }

                w.Line();
                w.Line($"({Property(first)}, {Property(second)}) = ({first.Name}, {second.Name});");
            }

            foreach (var side in model.Sides)
            {
                w.Line();
                w.Line($"public {side.InputClass} {Property(side)} {{ get; }}");
            }

            w.Line();
            w.Line($"public int Count => {Property(first)}.Count;");
            if (model.HasTwoLengths)
            {
                w.Line();
                w.Summary("Tokens of a row of each side.");
                w.Line($"public Lengths Lengths => new({Property(first)}.Length, {Property(second)}.Length);");
            }
            else if (model.Sides.FirstOrDefault(static s => s.IsText) is { } text)
            {
                w.Line();
                w.Line($"public int Length => {Property(text)}.Length;");
            }
        }

        w.Line();
        using (w.Block("private void SetInputs(Pairs inputs)"))
        {
            w.Line($"SetInputs(inputs.{Property(first)});");
            w.Line($"SetInputs(inputs.{Property(second)});");
        }
    }

    /// <summary>A constructor that makes the pairs itself.</summary>
    public static void PrintShortcut(string type, CompiledModel model, SourceWriter w)
    {
        using (w.Block($"public {type}({Parameters(model)})\n    : this(new Pairs({Arguments(model)}))"))
        {
        }

        w.Line();
    }

    /// <summary>Forward of two sides, and features of each where they meet.</summary>
    public static void PrintCalls(CompiledModel model, SourceWriter w)
    {
        w.Summary("Outputs for pairs, without dropout.");
        w.Line($"public Output Forward({Parameters(model)}) => Forward(new Pairs({Arguments(model)}));");
        w.Line();
        if (model.Meets)
        {
            PrintEncoders(model, w);
        }
    }

    private static void PrintEncoders(CompiledModel model, SourceWriter w)
    {
        for (var i = 0; i < model.Sides.Count; i++)
        {
            var side = model.Sides[i];
            w.Summary($"Unit vectors of {side.Name} inputs alone: the other tower does not run.");
            using (w.Block($"public Embeddings {Encode(side)}({side.InputClass} inputs)"))
            {
                w.Line("SetInputs(inputs);");
                w.Line($"_core.Encode(Pass.{(i == 0 ? "EncodeFirst" : "EncodeSecond")}, inputs.Count, {(side.IsText ? "inputs.Length" : "1")});");
                w.Line($"return new Embeddings(_core.Output({Emit.Names.Text(side.Features)}));");
            }

            w.Line();
        }

        var width = model.Plans[Pass.Forward].Program.Graph.Outputs.First(o => o.Name == model.Sides[0].Features).Values[0].Shape.Columns;
        w.Summary($"Unit vectors [count, {width}] of the space where both sides meet: the product of two is their cosine.");
        using (w.Block("public sealed class Embeddings(float[] values)"))
        {
            w.Line($"public const int Width = {width};");
            w.Line();
            w.Line("/// <summary>All vectors, one after the other.</summary>");
            w.Line("public float[] Values => values;");
            w.Line();
            w.Line("public int Count => values.Length / Width;");
            w.Line();
            w.Line("/// <summary>One vector.</summary>");
            w.Line("public ReadOnlySpan<float> this[int index] => values.AsSpan(checked(index * Width), Width);");
        }

        w.Line();
    }

    /// <summary>What computes the gradients of several batches whose pairs all meet: each batch runs once to be compared and once more from what comparing gave.</summary>
    public static void PrintGradients(CompiledModel model, SourceWriter w)
    {
        w.Line("if (batches.IsEmpty)\n{\n    return;\n}\n");
        w.Line("var (targets, pairs) = (TargetCounts.None, 0L);");
        w.Line("foreach (var batch in batches)\n{\n    targets += batch.Counts;\n    pairs += batch.Inputs.Count;\n}\n");
        w.Line("_core.BeginPairs(pairs);");
        Each("GatherPairs");
        w.Line("SetTargets(batches, targets);");
        w.Line("_core.QueueComparison();");
        Each("QueueGradientsOfPairs");

        void Each(string call)
        {
            using (w.Block("foreach (var batch in batches)"))
            {
                w.Line("SetInputs(batch.Inputs);");
                w.Line($"_core.{call}(batch.Inputs.Count, {Length(model, "batch.Inputs")});");
            }

            w.Line();
        }
    }

    /// <summary>Names that only models of two towers have.</summary>
    /// <param name="meet">The towers meet in one space.</param>
    public static IEnumerable<string> Names(IReadOnlyList<Side> sides, bool meet) => [.. sides.Select(static s => s.InputClass), "Pairs", .. meet ? [.. sides.Select(Encode), "Embeddings"] : Array.Empty<string>()];

    /// <summary>Name of the method that encodes one side.</summary>
    public static string Encode(Side side) => $"Encode{Property(side)}{(side.Name is "image" or "text" ? "s" : "")}";

    public static string Property(Side side) => Emit.Names.Pascal(side.Name);

    /// <summary>What a pass is told of the rows of tokens of its inputs.</summary>
    public static string Length(CompiledModel model, string inputs) => model.HasTwoLengths ? $"{inputs}.Lengths" : model.HasText ? $"{inputs}.Length" : "1";

    private static string Parameters(CompiledModel model) => string.Join(", ", model.Sides.Select(static s => $"{s.InputClass} {s.Name}"));

    private static string Arguments(CompiledModel model) => string.Join(", ", model.Sides.Select(static s => s.Name));
}

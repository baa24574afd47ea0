using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>Prints what continues prompts, or says something of a source, of models that predict next tokens.</summary>
internal static class GenerationPrinter
{
    private const string Generation = "global::ModelCompiler.Runtime.Generation";

    /// <summary>The members, which a skeleton has as well, and what each calls.</summary>
    /// <param name="sides">The towers that have inputs, the decoder last.</param>
    public static IEnumerable<(string Name, string Declaration, string Arguments, string[] Inputs)> Members(IReadOnlyList<Side> sides)
    {
        var prompts = sides[sides.Count - 1].InputClass;
        if (sides.Count == 1)
        {
            return Both($"{prompts} prompts", "prompts", prompts);
        }

        var source = $"{sides[0].InputClass} source";
        var made = $"new {Generation}.GenerationSource(source.Count, {(sides[0].IsText ? "source.Length" : "1")}, () => SetInputs(source))";
        return [.. Both(source, made + ", null", sides[0].InputClass), .. Both($"{source}, {prompts} prompts", made + ", prompts", sides[0].InputClass, prompts)];
    }

    public static void Print(IReadOnlyList<Side> sides, SourceWriter w)
    {
        foreach (var (name, declaration, arguments, inputs) in Members(sides))
        {
            var what = sides.Count == 1 ? "Continues prompts, padded on the left where they differ in length" : inputs.Length == 1 ? "Says something of each source, from StartToken on" : "Says something of each source, in rows that begin with prompts, padded on the left where they differ in length";
            w.Summary(name == "Stream" ? $"{what}, and gives each token as it comes; no beams." : $"{what}: greedily, by beam search or by drawing, as the options say. Row by row, the best continuation first.");
            w.Line($"/// <inheritdoc cref=\"{Generation}.Generator.{(name == "Stream" ? $"Stream(ModelCore, TokenBatch, {Generation}.GenerationOptions, global::System.Threading.CancellationToken)" : $"Run(ModelCore, TokenBatch, {Generation}.GenerationOptions)")}\"/>");
            w.Line($"{declaration} => {Generation}.Generator.{(name == "Stream" ? "Stream" : "Run")}(_core, {arguments}, options{(name == "Stream" ? ", cancel" : "")});");
            w.Line();
        }
    }

    private static IEnumerable<(string, string, string, string[])> Both(string parameters, string arguments, params string[] inputs) =>
    [
        ("Generate", $"public global::System.Collections.Generic.IReadOnlyList<{Generation}.GeneratedSequence> Generate({parameters}, {Generation}.GenerationOptions? options = null)", arguments, inputs),
        ("Stream", $"public global::System.Collections.Generic.IAsyncEnumerable<{Generation}.GeneratedToken> Stream({parameters}, {Generation}.GenerationOptions? options = null, global::System.Threading.CancellationToken cancel = default)", arguments, inputs),
    ];
}

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>Prints what continues prompts, of models that predict next tokens.</summary>
internal static class GenerationPrinter
{
    /// <summary>The members, which a skeleton has as well.</summary>
    public const string
        Generate = $"public global::System.Collections.Generic.IReadOnlyList<{Generation}.GeneratedSequence> Generate(Tokens prompts, {Generation}.GenerationOptions? options = null)",
        Stream = $"public global::System.Collections.Generic.IAsyncEnumerable<{Generation}.GeneratedToken> Stream(Tokens prompts, {Generation}.GenerationOptions? options = null, global::System.Threading.CancellationToken cancel = default)";

    private const string Generation = "global::ModelCompiler.Runtime.Generation";

    public static void Print(SourceWriter w)
    {
        w.Summary("Continues prompts, padded on the left where they differ in length: greedily, by beam search or by drawing, as the options say. Prompt by prompt, the best continuation first.");
        w.Line($"/// <inheritdoc cref=\"{Generation}.Generator.Run\"/>");
        w.Line($"{Generate} => {Generation}.Generator.Run(_core, prompts, options);");
        w.Line();
        w.Summary("Continues prompts and gives each token as it comes; no beams.");
        w.Line($"/// <inheritdoc cref=\"{Generation}.Generator.Stream\"/>");
        w.Line($"{Stream} => {Generation}.Generator.Stream(_core, prompts, options, cancel);");
        w.Line();
    }
}

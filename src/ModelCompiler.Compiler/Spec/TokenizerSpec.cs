namespace ModelCompiler.Compiler.Spec;

/// <summary>What a model's <c>Tokenizer</c> leads to in its project. Compares by value, so that an edit that leaves the size alone compiles nothing.</summary>
/// <param name="File">The file, from the project's folder with <c>/</c>; empty where there is none.</param>
/// <param name="Size">One more than the largest id: rows that a model's table needs; 0 where the file does not say.</param>
/// <param name="Problem">What is wrong with it, behind the name of the option; null for nothing.</param>
public sealed record TokenizerSpec(string File, int Size, string? Problem)
{
    /// <summary>Constants of an emitted class of tokens: what a tokenizer led to, for projects that do not have its file.</summary>
    public const string FileConstant = "TokenizerFile", SizeConstant = "VocabularySize";
}

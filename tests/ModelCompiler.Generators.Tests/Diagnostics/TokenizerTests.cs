using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Generators.Tests.Harness;
using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Tokenizers that fit their models, by whatever name.</summary>
public sealed class TokenizerTests
{
    [Theory]
    [InlineData(50_304, 50_257)]
    [InlineData(51_827, 50_257)]
    [InlineData(64, 12)]
    [InlineData(12, 12)]
    public async Task A_vocabulary_may_be_padded(int vocabulary, int tokens) =>
        Assert.Empty(await InMemory.Say(InMemory.Project(Gpt($"Vocabulary = {vocabulary}, Tokenizer = \"vocab.txt\"")), ProjectFile.Words(tokens)));

    [Theory]
    [InlineData("words/vocab.txt")]
    [InlineData("./words/vocab.txt")]
    [InlineData(@"words\\vocab.txt")]
    [InlineData("words")]
    [InlineData("words/")]
    public async Task A_vocabulary_that_is_left_out_is_the_tokenizers(string name)
    {
        var source = Bert($"Tokenizer = \"{name}\"").Replace("Vocabulary = 11, ", "") + " static class Uses { public static readonly int Size = M.Tokens.VocabularySize; }";
        var (output, complaints) = InMemory.Generate(InMemory.Project(source), null, ProjectFile.Words(37, "words/vocab.txt"), ProjectFile.Words(5));
        Assert.Empty(complaints);
        Assert.Empty(await InMemory.Analyze(output, null, ProjectFile.Words(37, "words/vocab.txt"), ProjectFile.Words(5)));
        Assert.Contains(output.SyntaxTrees, static t => t.ToString().Contains("VocabularySize = 37, MaxLength = 6", StringComparison.Ordinal));
        Assert.Contains(output.SyntaxTrees, static t => t.ToString().Contains("TokenizerFile = \"words/vocab.txt\";", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_projects_own_folder_can_be_named() =>
        Assert.Equal("MC1010", Assert.Single(await InMemory.Say(InMemory.Project(Bert("Tokenizer = \".\"")), ProjectFile.Words(12))).Id);

    [Fact]
    public async Task An_empty_name_is_none() => Assert.Empty(await InMemory.Say(InMemory.Project(Bert("Tokenizer = \"\"")), ProjectFile.Words(12)));

    // The class of the tower says it, the composition only that its tower is wrong.
    [Fact]
    public async Task A_tower_has_a_tokenizer_of_its_own()
    {
        var towers = $"[Clip<Image, Text>(Embedding = 8), Contrastive] public partial class Both; {Vit(attributes: "", name: "Image")} {Bert("Tokenizer = \"vocab.txt\", Pooling = Pooling.Mean", "", "Text").Replace("Vocabulary = 11, ", "")}";
        Assert.Empty(await InMemory.Say(InMemory.Project(towers), ProjectFile.Words(12)));
        Assert.Contains("MC1011", (await InMemory.Say(InMemory.Project(towers))).Select(static d => d.Id));
    }

    // Its file is not in the project that composes it: the class says what it led to.
    [Fact]
    public async Task A_tower_of_a_referenced_project_brings_its_tokenizer()
    {
        var text = Bert("Tokenizer = \"vocab.txt\", Pooling = Pooling.Mean", "", "Text").Replace("Vocabulary = 11, ", "");
        var (towers, complaints) = InMemory.Generate(InMemory.Project($"{Vit(attributes: "", name: "Image")} {text}").WithAssemblyName("Towers"), null, ProjectFile.Words(12));
        Assert.Empty(complaints);
        using var image = new MemoryStream();
        Assert.Empty(towers.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error));

        var project = InMemory.Project("[Clip<Image, Text>(Embedding = 8), Contrastive] public partial class Both;");
        Composed(project.AddReferences(MetadataReference.CreateFromImage(image.ToArray())));
        Composed(project.AddReferences(towers.ToMetadataReference()));
        Assert.Empty(await InMemory.Say(project.AddReferences(towers.ToMetadataReference())));
    }

    private static void Composed(CSharpCompilation project)
    {
        var (output, complaints) = InMemory.Generate(project);
        Assert.Empty(complaints);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity == DiagnosticSeverity.Error));
        Assert.Contains(output.SyntaxTrees, static t => t.ToString().Contains("VocabularySize = 12, MaxLength = 6", StringComparison.Ordinal) && t.ToString().Contains("TokenizerFile = \"vocab.txt\";", StringComparison.Ordinal));
    }
}

using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Generation;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Generation;

/// <summary>The example of docs/generation.md compiles and runs: it is this file's, line by line.</summary>
public sealed class GenerationPageTests
{
    [Fact]
    public async Task The_example_generates()
    {
        using var model = new CharacterGpt(seed: 1);                     // LoadPretrained or Fit gives it something to say
        var prompts = new CharacterGpt.Tokens(2, 3);                     // two prompts, padded on the left where they differ in length
        prompts.Ids.AsSpan().Fill(7);
        prompts.Mask[0] = 0;                                             // the first has two tokens

        foreach (var row in model.Generate(prompts, new GenerationOptions { Beams = 4, Results = 2, MaxNewTokens = 12, StopTokens = [0] }))
            Console.WriteLine($"prompt {row.Prompt}: {string.Join(' ', row.NewIds(prompts.Length).ToArray())}, score {row.Score:F3}");

        await foreach (var token in model.Stream(prompts, new GenerationOptions { Sample = true, Temperature = 0.8, TopP = 0.9, Seed = 1 }))
            Console.WriteLine($"row {token.Row}: {token.Id}");
    }

    [Fact]
    public void Every_line_of_the_example_is_tested()
    {
        var tested = File.ReadLines(Path.Combine(Folders.Root, "tests", "ModelCompiler.Runtime.Tests", "Generation", "GenerationPageTests.cs")).Select(static l => l.Trim()).ToHashSet();
        var page = File.ReadLines(Path.Combine(Folders.Root, "docs", "generation.md")).SkipWhile(static l => l != "```csharp").Skip(1).TakeWhile(static l => l != "```").Where(static l => l.Length > 0);
        Assert.All(page, line => Assert.Contains(line.Trim(), tested));
    }

    [Fact]
    public void The_page_names_every_option()
    {
        var page = File.ReadAllText(Path.Combine(Folders.Root, "docs", "generation.md"));
        Assert.All(typeof(GenerationOptions).GetProperties(), option => Assert.Contains($"`{option.Name}`", page));
    }
}

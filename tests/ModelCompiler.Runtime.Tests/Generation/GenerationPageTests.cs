using Microsoft.Extensions.AI;
using ModelCompiler.Extensions.AI;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Generation;
using ModelCompiler.Testing;
using ModelCompiler.Trainee;

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
    public async Task What_sources_say_is_generated()
    {
        using var translator = new TraineeTranslator(seed: 1);           // [EncoderDecoder<TraineeReader, TraineeSpeaker>, CausalLanguageModel]
        var source = new TraineeTranslator.EncoderTokens(2, 5);          // two texts, padded on the right: padding is hidden by their mask
        source.Ids.AsSpan().Fill(7);
        source.Mask[4] = 0;                                              // the first has four tokens
        foreach (var row in translator.Generate(source, new GenerationOptions { StartToken = 1, StopTokens = [2], Beams = 4, MaxNewTokens = 12 }))
            Console.WriteLine($"text {row.Prompt}: {string.Join(' ', row.NewIds(1).ToArray())}");

        using var captioner = new TraineeCaptioner(seed: 1);             // [EncoderDecoder<TraineePictures, TraineeSpeaker>, CausalLanguageModel]
        await foreach (var token in captioner.Stream(new TraineeCaptioner.EncoderPictures(2), new GenerationOptions { StartToken = 1, StopTokens = [2], MaxNewTokens = 12 }))
            Console.WriteLine($"picture {token.Row}: {token.Id}");

        using var teller = new TraineeTeller(seed: 1);                   // [Blip2<TraineePictures, TraineeQueries, TraineeSpeaker>, CausalLanguageModel]
        var question = new TraineeTeller.Tokens(2, 6);                   // the first three stand for the picture; padding is behind those
        question.Mask[3] = 0;
        foreach (var row in teller.Generate(new TraineeTeller.Pictures(2), question, new GenerationOptions { MaxNewTokens = 4 }))
            Console.WriteLine($"picture {row.Prompt}: {string.Join(' ', row.NewIds(6).ToArray())}");
    }

    [Fact]
    public async Task A_model_is_a_chat_client()
    {
        using var writer = new CharacterGpt(seed: 1);
        using IChatClient client = new TextGenerationClient("character-gpt",
            text => [.. text.Select(c => c % CharacterGpt.Tokens.VocabularySize)],       // a tokenizer's Encode(text).Ids
            ids => new string([.. ids.Select(id => (char)('0' + id))]),                  // and its Decode
            (prompt, options, cancel) =>
            {
                var row = new CharacterGpt.Tokens(1, prompt.Length);
                prompt.CopyTo(row.Ids, 0);
                return writer.Stream(row, options, cancel);
            })
        { Defaults = new GenerationOptions { StopTokens = [0], MaxNewTokens = 12 } };    // GenerationOptions.Load(folder)
        ChatResponse answer = await client.GetResponseAsync("Once", new ChatOptions { Temperature = 0.8f, TopK = 20, Seed = 1, StopSequences = ["\n\n"] });
        await foreach (ChatResponseUpdate piece in client.GetStreamingResponseAsync("Once"))
            Console.Write(piece.Text);
        Assert.InRange(answer.Text.Length, 1, 12);
    }

    [Fact]
    public void Every_line_of_the_example_is_tested()
    {
        var tested = File.ReadLines(Path.Combine(Folders.Root, "tests", "ModelCompiler.Runtime.Tests", "Generation", "GenerationPageTests.cs")).Select(static l => l.Trim()).ToHashSet();
        var page = File.ReadAllText(Path.Combine(Folders.Root, "docs", "generation.md")).Split("```csharp\n").Skip(1).SelectMany(static code => code[..code.IndexOf("```", StringComparison.Ordinal)].Split('\n')).Where(static l => l.Length > 0);
        Assert.All(page, line => Assert.Contains(line.Trim(), tested));
    }

    [Fact]
    public void The_page_names_every_option()
    {
        var page = File.ReadAllText(Path.Combine(Folders.Root, "docs", "generation.md"));
        Assert.All(typeof(GenerationOptions).GetProperties(), option => Assert.Contains($"`{option.Name}`", page));
    }
}

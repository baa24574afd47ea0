using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ModelCompiler.Extensions.AI;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Data.Tests.Retrieval;

/// <summary>A model as a chat client: a token is a byte of UTF-8, and what is said is written down beforehand.</summary>
public sealed class TextGenerationClientTests
{
    private const int Stop = 0;

    private readonly List<(string Prompt, GenerationOptions Options)> _calls = [];

    public static TheoryData<string, ChatOptions> Refused => new()
    {
        { "model other: this is bytes", new() { ModelId = "other" } },
        { "tools", new() { Tools = [new HostedCodeInterpreterTool()] } },
        { "another format than text", new() { ResponseFormat = ChatResponseFormat.Json } },
        { "FrequencyPenalty", new() { FrequencyPenalty = 0.5f } },
        { "PresencePenalty", new() { PresencePenalty = 0.5f } },
        { "ConversationId", new() { ConversationId = "1" } },
        { "RawRepresentationFactory", new() { RawRepresentationFactory = static _ => null } },
        { "AdditionalProperties mood", new() { AdditionalProperties = new() { ["mood"] = 1 } } },
    };

    [Fact]
    public async Task An_answer_is_what_is_said_behind_the_messages()
    {
        using var client = Says("héllo!\0never");
        var answer = await client.GetResponseAsync([new(ChatRole.System, "Be kind."), new(ChatRole.User, "Greet.")], new() { Instructions = "Short." });
        Assert.Equal(("héllo!", ChatFinishReason.Stop, "bytes"), (answer.Text, answer.FinishReason, answer.ModelId));
        Assert.Equal((22, 8), (answer.Usage!.InputTokenCount, answer.Usage.OutputTokenCount));
        Assert.Equal("Short.\nBe kind.\nGreet.", _calls[0].Prompt);
        Assert.Equal([ChatRole.Assistant], answer.Messages.Select(static m => m.Role));
    }

    [Fact]
    public async Task Pieces_are_whole_characters_and_end_before_a_stop_sequence()
    {
        using var client = Says("a€b\n\nUser: c\0");
        Assert.Equal(["a", "€", "b"], await Pieces(new() { StopSequences = ["\nUser:", "\n\n"] }));
        Assert.Equal(["a", "€", "b"], await Pieces(new() { StopSequences = ["\n\nUs"] })); // what may begin it is held back
        Assert.Equal("a€b\n\nUser: c", string.Concat(await Pieces(new() { StopSequences = ["c\0"] })));
        Assert.Equal("a€", string.Concat(await Pieces(new() { StopSequences = ["b"] })));

        async Task<string[]> Pieces(ChatOptions options)
        {
            var pieces = new List<string>();
            await foreach (var update in client.GetStreamingResponseAsync("x", options))
            {
                pieces.Add(update.Text);
            }

            return [.. pieces.Where(static p => p.Length > 0)];
        }
    }

    [Fact]
    public async Task An_answer_that_is_cut_says_so()
    {
        using var client = Says("one two");
        var answer = await client.GetResponseAsync("x", new() { MaxOutputTokens = 3, StopSequences = ["e two"] });
        Assert.Equal(("one", ChatFinishReason.Length), (answer.Text, answer.FinishReason));
    }

    [Fact]
    public async Task Options_of_a_call_are_options_of_generation()
    {
        using var client = Says("a\0");
        Assert.Equal(await Asked(null), client.Defaults);
        Assert.Equal(client.Defaults, await Asked(new() { FrequencyPenalty = 0 }));
        Assert.Equal(client.Defaults with { Sample = true, Temperature = 0.8, TopK = 40, TopP = 0.9, Seed = 7, MaxNewTokens = 5 }, await Asked(new() { Temperature = 0.8f, TopK = 40, TopP = 0.9f, Seed = 7, MaxOutputTokens = 5 }));
        Assert.Equal(client.Defaults with { Seed = 7 }, await Asked(new() { Temperature = 0, Seed = 7 }));
        Assert.True((await Asked(new() { TopK = 3 })).Sample);

        async Task<GenerationOptions> Asked(ChatOptions? options)
        {
            await client.GetResponseAsync("x", options);
            return _calls[^1].Options;
        }
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task What_cannot_be_done_is_refused(string what, ChatOptions options)
    {
        using var client = Says("a");
        Assert.Contains(what, (await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync("x", options))).Message, StringComparison.Ordinal);
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task Pictures_and_beams_are_refused()
    {
        using var client = Says("a");
        Assert.Contains("DataContent", (await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync([new(ChatRole.User, [new DataContent(new byte[1], "image/png")])]))).Message, StringComparison.Ordinal);
        Assert.Contains("must be 1", Assert.Throws<ArgumentException>(static () => new TextGenerationClient("bytes", static _ => [], static _ => "", static (_, _, _) => null!) { Defaults = new() { Beams = 2 } }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_wait_for_each_other_and_for_those_that_were_left()
    {
        using var client = Says("abc\0");
        await foreach (var update in client.GetStreamingResponseAsync("x"))
        {
            var second = client.GetResponseAsync("y");
            Assert.False(second.IsCompleted);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync("z", cancellationToken: new CancellationToken(canceled: true)));
            Assert.Equal("a", update.Text);
            _ = second.ContinueWith(static _ => { }, TaskScheduler.Default);
            break;
        }

        Assert.Equal("abc", (await client.GetResponseAsync("w")).Text);
        Assert.DoesNotContain(_calls, static c => c.Prompt == "z");
    }

    [Fact]
    public void It_says_what_it_is()
    {
        using var client = Says("a");
        Assert.Equal(("ModelCompiler", "bytes"), (client.GetService<ChatClientMetadata>()!.ProviderName, client.GetService<ChatClientMetadata>()!.DefaultModelId));
        Assert.Same(client, client.GetService(typeof(TextGenerationClient)));
        Assert.Null(client.GetService(typeof(ChatClientMetadata), "key"));
    }

    private TextGenerationClient Says(string text) => new("bytes", static t => [.. System.Text.Encoding.UTF8.GetBytes(t).Select(static b => (int)b)], Decode, (prompt, options, cancel) =>
    {
        _calls.Add((Decode(prompt), options));
        return Stream(System.Text.Encoding.UTF8.GetBytes(text), options, cancel);
    })
    {
        Defaults = new() { StopTokens = [Stop] },
    };

    private static string Decode(int[] ids) => System.Text.Encoding.UTF8.GetString([.. ids.Select(static i => (byte)i)]);

    private static async IAsyncEnumerable<GeneratedToken> Stream(byte[] bytes, GenerationOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        var most = Math.Min(bytes.Length, options.MaxNewTokens ?? 20);
        for (var i = 0; i < most; i++)
        {
            await Task.Yield();
            cancel.ThrowIfCancellationRequested();
            yield return new GeneratedToken(0, bytes[i], i == most - 1 || bytes[i] == Stop, 0);
        }
    }
}

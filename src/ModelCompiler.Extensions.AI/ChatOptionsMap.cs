using System.Globalization;
using Microsoft.Extensions.AI;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Extensions.AI;

/// <summary>Options of a call as options of generation; what has no counterpart is refused, so that nobody waits for it in vain.</summary>
internal static class ChatOptionsMap
{
    /// <param name="defaults">What the call leaves out.</param>
    /// <param name="model">The only model that can be asked for.</param>
    public static GenerationOptions Apply(ChatOptions? options, GenerationOptions defaults, string model)
    {
        if (options is null)
        {
            return defaults;
        }

        Refuse((options.ModelId ?? model) != model, $"model {options.ModelId}: this is {model}");
        Refuse(options.Tools is { Count: > 0 } || options.ToolMode is RequiredChatToolMode, "tools");
        Refuse(options.ResponseFormat is not null and not ChatResponseFormatText, "another format than text");
        Refuse(options.FrequencyPenalty is not (null or 0), "FrequencyPenalty; RepetitionPenalty of Defaults is what there is");
        Refuse(options.PresencePenalty is not (null or 0), "PresencePenalty; RepetitionPenalty of Defaults is what there is");
        Refuse(options.Reasoning is not null, "Reasoning");
        Refuse(options.ConversationId is not null, "ConversationId: each call has all messages");
        Refuse(options.AllowBackgroundResponses == true, "AllowBackgroundResponses");
        Refuse(options.RawRepresentationFactory is not null, "RawRepresentationFactory");
        Refuse(options.AdditionalProperties is { Count: > 0 }, $"AdditionalProperties {string.Join(", ", options.AdditionalProperties?.Keys ?? [])}");

        // A temperature of 0 is the most probable token, and what shapes a draw asks for one.
        var draws = options.Temperature != 0 && (defaults.Sample || options.Temperature is not null || options.TopK is not null || options.TopP is not null || options.Seed is not null);
        return defaults with
        {
            Sample = draws,
            Temperature = draws && options.Temperature is { } temperature ? Exact(temperature) : defaults.Temperature,
            TopK = options.TopK ?? defaults.TopK,
            TopP = options.TopP is { } topP ? Exact(topP) : defaults.TopP,
            Seed = options.Seed is { } seed ? unchecked((ulong)seed) : defaults.Seed,
            MaxNewTokens = options.MaxOutputTokens ?? defaults.MaxNewTokens,
        };
    }

    /// <summary>The messages, behind the instructions of the call.</summary>
    public static IReadOnlyList<ChatMessage> Texts(IEnumerable<ChatMessage> messages, string? instructions)
    {
        ChatMessage[] all = [.. string.IsNullOrEmpty(instructions) ? [] : new[] { new ChatMessage(ChatRole.System, instructions) }, .. messages];
        foreach (var content in all.SelectMany(static m => m.Contents).Where(static c => c is not TextContent))
        {
            Refuse(true, $"messages with {content.GetType().Name}");
        }

        return all;
    }

    private static void Refuse(bool isAsked, string what)
    {
        if (isAsked)
        {
            throw new NotSupportedException($"A text generation client cannot do: {what}.");
        }
    }

    // 0.8f is meant as 0.8.
    private static double Exact(float value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

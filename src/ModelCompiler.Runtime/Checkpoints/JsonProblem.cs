using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>What is wrong with JSON, as people count: lines and bytes from 1.</summary>
internal static class JsonProblem
{
    public static string Of(JsonException e)
    {
        // The reader adds its own count from 0.
        var reason = e.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal) is var at and >= 0 ? e.Message[..at] : e.Message;
        return e.LineNumber is { } line && e.BytePositionInLine is { } place ? FormattableString.Invariant($"no JSON from line {line + 1}, byte {place + 1} on: {reason}") : $"no JSON: {reason}";
    }
}

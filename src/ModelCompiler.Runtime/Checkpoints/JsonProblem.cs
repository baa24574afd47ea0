using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>What is wrong with JSON, as people count: lines and bytes from 1.</summary>
internal static class JsonProblem
{
    /// <param name="isLine">What was read is one line of a file, whose number is said elsewhere.</param>
    public static string Of(JsonException e, bool isLine = false)
    {
        // The reader adds its own count from 0.
        var reason = e.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal) is var at and >= 0 ? e.Message[..at] : e.Message;
        return e.LineNumber is { } line && e.BytePositionInLine is { } place
            ? FormattableString.Invariant($"no JSON from {(isLine ? "" : $"line {line + 1}, ")}byte {place + 1} on: {reason}")
            : $"no JSON: {reason}";
    }
}

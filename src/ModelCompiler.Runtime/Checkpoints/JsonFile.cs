using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>JSON from files that need not be trusted.</summary>
internal static class JsonFile
{
    private const long Longest = 64 << 20;

    /// <summary>Parses a file and takes from it what is needed; what was taken must not refer to the document.</summary>
    /// <exception cref="CheckpointException">There is no such file, it is too long, or it is no JSON.</exception>
    public static T Read<T>(string path, Func<JsonElement, T> take)
    {
        try
        {
            var length = FileLength.Of(path);
            if (length is 0 or > Longest)
            {
                throw new CheckpointException($"{path} has {length} bytes; legal are 1 to {Longest}.");
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return take(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new CheckpointException($"{path}: {JsonProblem.Of(e)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no Unicode shows only when it is asked for.
            throw new CheckpointException($"{path} cannot be read: {e.Message}", e);
        }
    }
}

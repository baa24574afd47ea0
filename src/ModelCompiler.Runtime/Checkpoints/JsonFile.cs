using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>JSON from files that need not be trusted.</summary>
internal static class JsonFile
{
    private const long Longest = 64 << 20;

    /// <exception cref="CheckpointException">There is no such file, it is too long, or it is no JSON.</exception>
    public static JsonDocument Parse(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > Longest)
            {
                throw new CheckpointException($"{path} has {length} bytes; at most {Longest} are read.");
            }

            return JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CheckpointException($"{path} cannot be read: {e.Message}", e);
        }
    }
}

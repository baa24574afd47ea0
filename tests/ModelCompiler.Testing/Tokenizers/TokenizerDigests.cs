using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ModelCompiler.Data;

namespace ModelCompiler.Testing;

/// <summary>Whole books: as many tokens as the reference's, with the same digest, in one piece and line by line.</summary>
internal static class TokenizerDigests
{
    /// <summary>What differs for one tokenizer of <c>digests.json</c>.</summary>
    /// <param name="name">As the file calls it: a folder's name, and behind a space how it is set up.</param>
    /// <param name="find">The path of a text.</param>
    public static (int Books, IReadOnlyList<string> Wrong) Compare(string name, JsonElement expected, Tokenizer tokenizer, Func<string, string> find)
    {
        var wrong = new List<string>();
        var books = 0;
        foreach (var file in expected.EnumerateObject())
        {
            var text = TrainingTexts.Whole(find(file.Name));
            books++;
            Check(file.Name, file.Value.GetProperty("whole"), tokenizer.EncodeToIds(text, addSpecialTokens: false));
            if (file.Value.TryGetProperty("by_line", out var lines))
                Check($"{file.Name} by line", lines, [.. text.Split('\n').SelectMany(l => tokenizer.EncodeToIds(l, addSpecialTokens: false))]);
        }

        return (books, wrong);

        void Check(string what, JsonElement digest, int[] ids)
        {
            var sha = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(ids)));
            if (ids.Length != digest.GetProperty("tokens").GetInt32() || sha != digest.GetProperty("sha256").GetString())
                wrong.Add($"{name}: {what}: {ids.Length} tokens, {sha[..8]}, instead of {digest.GetProperty("tokens")}, {digest.GetProperty("sha256").GetString()![..8]}");
        }
    }
}

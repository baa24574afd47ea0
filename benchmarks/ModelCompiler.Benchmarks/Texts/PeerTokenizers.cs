using System.Text;
using ModelCompiler.Data;
using Peer = Microsoft.ML.Tokenizers;

namespace ModelCompiler.Benchmarks.Texts;

/// <summary>GPT-2's tokenizer as Microsoft.ML.Tokenizers has it, in the two ways that it offers.</summary>
internal static class PeerTokenizers
{
    private const string Expression = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public static IReadOnlyList<(string Name, Peer.Tokenizer Tokenizer)> Gpt2(string vocabulary, string merges) => [("Tiktoken", Tiktoken(vocabulary)), ("CodeGen", CodeGen(vocabulary, merges))];

    private static Peer.CodeGenTokenizer CodeGen(string vocabulary, string merges)
    {
        using var tokens = File.OpenRead(vocabulary);
        using var pairs = File.OpenRead(merges);
        return Peer.CodeGenTokenizer.Create(tokens, pairs, false, false, false);
    }

    // Its format is a token's bytes in base 64 and its rank, which is the id: GPT-2 numbers its tokens in the order of merges.
    private static Peer.TiktokenTokenizer Tiktoken(string vocabulary)
    {
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(vocabulary));
        var lines = new StringBuilder();
        foreach (var token in json.RootElement.EnumerateObject().Where(static t => t.Name != "<|endoftext|>").OrderBy(static t => t.Value.GetInt32()))
        {
            byte[] bytes = [.. token.Name.Select(static letter => ByteAlphabet.TryByte(letter, out var value) ? value : throw new InvalidDataException($"'{letter}' stands for no byte"))];
            lines.Append(Convert.ToBase64String(bytes)).Append(' ').Append(token.Value.GetInt32()).Append('\n');
        }

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(lines.ToString()));
        var pieces = new Peer.RegexPreTokenizer(new System.Text.RegularExpressions.Regex(Expression, System.Text.RegularExpressions.RegexOptions.Compiled), null);
        return Peer.TiktokenTokenizer.Create(stream, pieces, null, null);
    }
}

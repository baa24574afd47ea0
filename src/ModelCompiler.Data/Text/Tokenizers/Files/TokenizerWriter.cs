using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Data;

/// <summary>Writes <c>tokenizer.json</c> and beside it the older files that hold the model alone.</summary>
internal static class TokenizerWriter
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What cannot be written replaces nothing.
    public static void Write(Tokenizer tokenizer, string folder)
    {
        if (folder.Length == 0)
            throw Found.MissingFolder(folder);
        Directory.CreateDirectory(folder);
        AtomicFile.Replace(folder, [(TokenizerFolder.FileName, stream => Write(tokenizer, stream)), .. Older(tokenizer.Model)]);
    }

    public static void Write(Tokenizer tokenizer, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, s_options);
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        WriteTruncation(json, tokenizer.BatchOptions);
        WritePadding(json, tokenizer);
        json.WriteStartArray("added_tokens");
        foreach (var token in tokenizer.AddedTokens.OrderBy(static t => t.Id))
            Write(json, token);
        json.WriteEndArray();
        WritePart(json, "normalizer", tokenizer.Normalizer is { } n ? n.Write : null);
        WritePart(json, "pre_tokenizer", tokenizer.PreTokenizer is { } p ? p.Write : null);
        WritePart(json, "post_processor", tokenizer.PostProcessor is { } t ? t.Write : null);
        WritePart(json, "decoder", tokenizer.Decoder is { } d ? d.Write : null);
        WritePart(json, "model", tokenizer.Model.Write);
        json.WriteEndObject();
    }

    private static IEnumerable<(string Name, Action<Stream> Write)> Older(TokenModel model)
    {
        switch (model)
        {
            case BytePairModel pairs:
                yield return ("vocab.json", stream => WriteVocabulary(pairs.Vocabulary, stream));
                yield return ("merges.txt", stream => WriteLines(stream, pairs.Merges.Select(static m => $"{m.Left} {m.Right}").Prepend("#version: 0.2")));
                break;
            case WordPieceModel or WordLevelModel when model.Vocabulary.Count == model.Vocabulary.Size && model.Vocabulary.Entries.All(static t => t.Key.AsSpan().IndexOfAny('\n', '\r') < 0):
                yield return ("vocab.txt", stream => WriteLines(stream, model.Vocabulary.Entries.Select(static t => t.Key)));
                break;
            default:
                break;
        }
    }

    private static void WriteVocabulary(Vocabulary vocabulary, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, s_options);
        json.WriteStartObject();
        foreach (var (token, id) in vocabulary.Entries)
            json.WriteNumber(token, id);
        json.WriteEndObject();
    }

    private static void WriteLines(Stream stream, IEnumerable<string> lines)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        foreach (var line in lines)
            writer.WriteLine(line);
    }

    private static void WritePart(Utf8JsonWriter json, string name, Action<Utf8JsonWriter>? write)
    {
        json.WritePropertyName(name);
        if (write is null)
            json.WriteNullValue();
        else
            write(json);
    }

    private static void WriteTruncation(Utf8JsonWriter json, EncodeOptions options)
    {
        if (options.Truncation == TokenTruncation.None)
        {
            json.WriteNull("truncation");
            return;
        }

        json.WriteStartObject("truncation");
        json.WriteString("direction", options.TruncationSide.ToString());
        json.WriteNumber("max_length", options.MaxLength!.Value);
        json.WriteString("strategy", options.Truncation.ToString());
        json.WriteNumber("stride", options.Stride);
        json.WriteEndObject();
    }

    private static void WritePadding(Utf8JsonWriter json, Tokenizer tokenizer)
    {
        var options = tokenizer.BatchOptions;
        if (options.Padding == TokenPadding.None)
        {
            json.WriteNull("padding");
            return;
        }

        var token = options.PadToken ?? tokenizer.PadToken ?? throw new InvalidOperationException("Rows are padded, and the tokenizer has no padding token.");
        json.WriteStartObject("padding");
        json.WritePropertyName("strategy");
        if (options.Padding == TokenPadding.Longest)
        {
            json.WriteStringValue("BatchLongest");
        }
        else
        {
            json.WriteStartObject();
            json.WriteNumber("Fixed", options.MaxLength!.Value);
            json.WriteEndObject();
        }

        json.WriteString("direction", options.PaddingSide.ToString());
        if (options.MultipleOf is { } multiple)
            json.WriteNumber("pad_to_multiple_of", multiple);
        else
            json.WriteNull("pad_to_multiple_of");
        json.WriteNumber("pad_id", tokenizer.Vocabulary[token]);
        json.WriteNumber("pad_type_id", options.PadSegment);
        json.WriteString("pad_token", token);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AddedToken token)
    {
        json.WriteStartObject();
        json.WriteNumber("id", token.Id!.Value);
        json.WriteString("content", token.Content);
        json.WriteBoolean("single_word", token.IsSingleWord);
        json.WriteBoolean("lstrip", token.StripsLeft);
        json.WriteBoolean("rstrip", token.StripsRight);
        json.WriteBoolean("normalized", token.IsNormalized);
        json.WriteBoolean("special", token.IsSpecial);
        json.WriteEndObject();
    }
}

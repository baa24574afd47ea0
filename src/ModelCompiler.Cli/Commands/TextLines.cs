using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelCompiler.Data;

namespace ModelCompiler.Cli.Commands;

/// <summary>Lines in, JSON Lines out.</summary>
internal static class TextLines
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The lines of a UTF-8 file, or of standard input, without their line feeds and the carriage returns before these.</summary>
    /// <exception cref="InvalidDataException">What is read is no UTF-8.</exception>
    public static IEnumerable<string> Read(string? path)
    {
        using var reader = path is null ? new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false, throwOnInvalidBytes: true)) : new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        using var lines = TokenizerTraining.ReadLines(reader).GetEnumerator();
        while (HasNext())
            yield return lines.Current.EndsWith("\r\n", StringComparison.Ordinal) ? lines.Current[..^2] : lines.Current.TrimEnd('\n');

        bool HasNext()
        {
            try
            {
                return lines.MoveNext();
            }
            catch (DecoderFallbackException e)
            {
                throw new InvalidDataException($"{path ?? "Standard input"} is no UTF-8 text: it has the bytes {Convert.ToHexString(e.BytesUnknown ?? [])}.", e);
            }
        }
    }

    /// <summary>Writes one object as a line.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n");
    }
}

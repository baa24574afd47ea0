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
    /// <exception cref="InvalidDataException">A line is no UTF-8; the message has file and number.</exception>
    public static IEnumerable<string> Read(string? path)
    {
        var lines = path is null ? TokenizerTraining.ReadLines(Console.OpenStandardInput(), "standard input") : TokenizerTraining.ReadLines(path);
        foreach (var line in lines)
            yield return line.EndsWith("\r\n", StringComparison.Ordinal) ? line[..^2] : line.TrimEnd('\n');
    }

    /// <summary>The same with what each line is made into.</summary>
    /// <exception cref="InvalidDataException">A line is no UTF-8, or nothing can be made of it, as of a letter that no token covers; the message has file and number.</exception>
    public static IEnumerable<(string Text, T Made)> Read<T>(string? path, Func<string, T> make)
    {
        foreach (var (index, text) in Read(path).Index())
            yield return (text, Make(make, text, $"{path ?? "standard input"}, line {index + 1}"));
    }

    private static T Make<T>(Func<string, T> make, string text, string name)
    {
        try
        {
            return make(text);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{name}: {Terminal.Message(e)}", e);
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

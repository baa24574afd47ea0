using System.Text.Json;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Data;

/// <summary>JSON Lines, plain or packed with gzip: a JSON value a line, read when it is its turn. Lines that are blank do not count.</summary>
public sealed class JsonLines : IRecords<JsonElement>, IDisposable
{
    private readonly LineIndex _lines;

    private JsonLines(LineIndex lines) => _lines = lines;

    /// <summary>Finds where the lines of a file begin.</summary>
    /// <exception cref="FileNotFoundException">There is no such file; the message says what its folder holds.</exception>
    /// <exception cref="InvalidDataException">It is packed and broken.</exception>
    public static JsonLines Open(string path) => new(new LineIndex(path, skipsBlank: true));

    /// <inheritdoc/>
    public long Count => _lines.Count;

    /// <inheritdoc/>
    public string NameOf(long index) => _lines.NameOf((int)this.Checked(index));

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The line is no JSON.</exception>
    public JsonElement Read(long index)
    {
        try
        {
            return JsonElement.Parse(_lines.Bytes((int)this.Checked(index)));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{NameOf(index)}: {JsonProblem.Of(e, isLine: true)}", e);
        }
    }

    public void Dispose() => _lines.Dispose();
}

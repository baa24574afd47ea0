using System.Text;
using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>One tensor of a file.</summary>
/// <param name="TypeName">Element type as the file names it.</param>
/// <param name="Begin">First byte, from the start of the data.</param>
/// <param name="End">First byte behind it.</param>
public sealed record TensorEntry(string Name, string TypeName, int[] Shape, long Begin, long End)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, static (product, extent) => product * extent);
}

/// <summary>
/// The JSON at the start of a safetensors file, read token by token: a parsed document would hide duplicate keys. Every number is
/// checked against the length of the data, so that later reads need no checks.
/// </summary>
internal ref struct SafetensorsHeader
{
    private readonly string _path;
    private readonly long _dataBytes;
    private Utf8JsonReader _json;

    private SafetensorsHeader(string path, ReadOnlySpan<byte> header, long dataBytes)
    {
        (_path, _dataBytes) = (path, dataBytes);
        _json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 8 });
    }

    /// <exception cref="CheckpointException">The header is malformed, or promises what the file does not hold.</exception>
    public static (IReadOnlyList<TensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata) Parse(string path, ReadOnlySpan<byte> header, long dataBytes)
    {
        try
        {
            var reader = new SafetensorsHeader(path, header, dataBytes);
            return reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            throw new CheckpointException($"{path}: the header is no JSON object of tensors: {e.Message}", e);
        }
    }

    private (IReadOnlyList<TensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata) Read()
    {
        var entries = new List<TensorEntry>();
        var names = new HashSet<string>();
        var metadata = new Dictionary<string, string>();
        Expect(JsonTokenType.StartObject, "the header");
        while (Next("the header") != JsonTokenType.EndObject)
        {
            var name = _json.GetString()!;
            if (!names.Add(name))
            {
                throw Bad($"'{name}' is there twice");
            }

            if (name == "__metadata__")
            {
                ReadMetadata(metadata);
            }
            else
            {
                entries.Add(ReadEntry(name));
            }
        }

        if (_json.Read())
        {
            throw Bad("something follows the header's object");
        }

        CheckCover(entries);
        return (entries, metadata);
    }

    private void ReadMetadata(Dictionary<string, string> metadata)
    {
        Expect(JsonTokenType.StartObject, "__metadata__");
        while (Next("__metadata__") != JsonTokenType.EndObject)
        {
            var key = _json.GetString()!;
            Expect(JsonTokenType.String, $"__metadata__.{key}");
            metadata[key] = _json.GetString()!;
        }
    }

    private TensorEntry ReadEntry(string name)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject, name);
        while (Next(name) != JsonTokenType.EndObject)
        {
            var key = _json.GetString()!;
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(JsonTokenType.String, $"{name}.dtype");
                    type = _json.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers($"{name}.shape", 16);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers($"{name}.data_offsets", 2);
                    break;
                default:
                    throw Bad($"'{name}' has an unknown or repeated key '{key}'");
            }
        }

        if (type is null || shape is null || offsets is not { Count: 2 })
        {
            throw Bad($"'{name}' needs dtype, shape and two data_offsets");
        }

        return Checked(name, type, shape, offsets[0], offsets[1]);
    }

    private readonly TensorEntry Checked(string name, string type, List<long> shape, long begin, long end)
    {
        if (begin > end || end > _dataBytes)
        {
            throw Bad($"'{name}' lies at bytes {begin} to {end}, but the data has {_dataBytes} bytes");
        }

        // Each extent is at most the limit and so is each product before the next factor: no overflow.
        var count = 1L;
        foreach (var extent in shape)
        {
            if (extent > int.MaxValue || (count *= extent) > int.MaxValue)
            {
                throw Bad($"'{name}' of shape [{string.Join(", ", shape)}] is larger than {int.MaxValue} elements");
            }
        }

        if (TensorTypes.Parse(type) is { } known && count * known.Bytes() != end - begin)
        {
            throw Bad($"'{name}' of shape [{string.Join(", ", shape)}] and type {type} takes {count * known.Bytes()} bytes, but has {end - begin}");
        }

        return new TensorEntry(name, type, [.. shape.Select(static e => (int)e)], begin, end);
    }

    // Entries must lie side by side and fill the data: no overlaps, no holes.
    private readonly void CheckCover(List<TensorEntry> entries)
    {
        var at = 0L;
        TensorEntry? before = null;
        foreach (var entry in entries.OrderBy(static e => e.Begin).ThenBy(static e => e.End))
        {
            if (entry.Begin != at)
            {
                throw Bad(entry.Begin < at ? $"'{entry.Name}' overlaps '{before?.Name}'" : $"bytes {at} to {entry.Begin} before '{entry.Name}' belong to no tensor");
            }

            (at, before) = (entry.End, entry);
        }

        if (at != _dataBytes)
        {
            throw Bad($"the tensors end at byte {at}, but the data has {_dataBytes} bytes: the file is cut or has something behind");
        }
    }

    private List<long> ReadNumbers(string what, int most)
    {
        var numbers = new List<long>();
        Expect(JsonTokenType.StartArray, what);
        while (Next(what) != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var number) || number < 0 || numbers.Count == most)
            {
                throw Bad($"{what} must be at most {most} whole numbers of 0 or more");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private JsonTokenType Next(string what) => _json.Read() ? _json.TokenType : throw Bad($"{what} ends too early");

    private void Expect(JsonTokenType type, string what)
    {
        if (Next(what) != type)
        {
            throw Bad($"{what} must be {type}, not {_json.TokenType}");
        }
    }

    private readonly CheckpointException Bad(string what) => new($"{_path}: {what}.");
}

using System.Text;
using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>
/// The JSON at the start of a safetensors file, read token by token: a parsed document would hide duplicate keys. Every number is
/// checked against the length of the data, so that later reads need no checks. What is allocated stays within a few times the header.
/// </summary>
internal ref struct SafetensorsHeader
{
    private const int MostExtents = 16;

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
            throw new CheckpointException($"{path}: the header is no JSON object of tensors: {UntrustedText.Show(e.Message)}", e);
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
                throw Bad($"'{UntrustedText.Show(name)}' is there twice");
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
            Expect(JsonTokenType.String, "__metadata__", key);
            if (!metadata.TryAdd(key, _json.GetString()!))
            {
                throw Bad($"__metadata__.{UntrustedText.Show(key)} is there twice");
            }
        }
    }

    private TensorEntry ReadEntry(string name)
    {
        string? type = null;
        Span<long> shape = stackalloc long[MostExtents], offsets = stackalloc long[2];
        int extents = -1, ends = -1;
        Expect(JsonTokenType.StartObject, name);
        while (Next(name) != JsonTokenType.EndObject)
        {
            if (_json.ValueTextEquals("dtype"u8) && type is null)
            {
                Expect(JsonTokenType.String, name, "dtype");
                type = Type();
            }
            else if (_json.ValueTextEquals("shape"u8) && extents < 0)
            {
                extents = ReadNumbers(shape, name, "shape");
            }
            else if (_json.ValueTextEquals("data_offsets"u8) && ends < 0)
            {
                ends = ReadNumbers(offsets, name, "data_offsets");
            }
            else
            {
                throw Bad($"'{UntrustedText.Show(name)}' has an unknown or repeated key '{UntrustedText.Show(_json.GetString()!)}'");
            }
        }

        return type is not null && extents >= 0 && ends == 2 ? Checked(name, type, shape[..extents], offsets[0], offsets[1])
            : throw Bad($"'{UntrustedText.Show(name)}' needs dtype, shape and two data_offsets");
    }

    private readonly TensorEntry Checked(string name, string type, ReadOnlySpan<long> shape, long begin, long end)
    {
        if (begin > end || end > _dataBytes)
        {
            throw Bad($"'{UntrustedText.Show(name)}' lies at bytes {begin} to {end}, but the data has {_dataBytes} bytes");
        }

        // Each extent is at most the limit and so is each product before the next factor: no overflow.
        var count = 1L;
        foreach (var extent in shape)
        {
            if (extent > int.MaxValue || (count *= extent) > int.MaxValue)
            {
                throw Bad($"'{UntrustedText.Show(name)}' of shape [{Join(shape)}] is larger than {int.MaxValue} elements");
            }
        }

        if (TensorTypes.Parse(type) is { } known && count * known.Bytes() != end - begin)
        {
            throw Bad($"'{UntrustedText.Show(name)}' of shape [{Join(shape)}] and type {type} takes {count * known.Bytes()} bytes, but has {end - begin}");
        }

        var extents = new int[shape.Length];
        for (var i = 0; i < extents.Length; i++)
        {
            extents[i] = (int)shape[i];
        }

        return new TensorEntry(name, type, extents, begin, end);
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
                var name = UntrustedText.Show(entry.Name);
                throw Bad(entry.Begin < at ? $"'{name}' overlaps '{UntrustedText.Show(before!.Name)}'" : $"bytes {at} to {entry.Begin} before '{name}' belong to no tensor");
            }

            (at, before) = (entry.End, entry);
        }

        if (at != _dataBytes)
        {
            throw Bad($"the tensors end at byte {at}, but the data has {_dataBytes} bytes: the file is cut or has something behind");
        }
    }

    // Files name a type once a tensor: the names that we know are not made anew.
    private readonly string Type()
    {
        foreach (var known in TensorTypes.Names)
        {
            if (_json.ValueTextEquals(known))
            {
                return known;
            }
        }

        return _json.GetString()!;
    }

    private int ReadNumbers(scoped Span<long> numbers, string name, string key)
    {
        var count = 0;
        Expect(JsonTokenType.StartArray, name, key);
        while (Next(name) != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var number) || number < 0 || count == numbers.Length)
            {
                throw Bad($"{UntrustedText.Show(name)}.{key} must be at most {numbers.Length} whole numbers of 0 or more");
            }

            numbers[count++] = number;
        }

        return count;
    }

    private JsonTokenType Next(string what) => _json.Read() ? _json.TokenType : throw Bad($"{UntrustedText.Show(what)} ends too early");

    private void Expect(JsonTokenType type, string what, string? key = null)
    {
        if (Next(what) != type)
        {
            throw Bad($"{UntrustedText.Show(key is null ? what : $"{what}.{key}")} must be {type}, not {_json.TokenType}");
        }
    }

    private readonly CheckpointException Bad(string what) => new($"{_path}: {what}.");

    private static string Join(ReadOnlySpan<long> shape) => string.Join(", ", shape.ToArray());
}

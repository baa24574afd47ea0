using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Compares <c>config.json</c> with what the attributes say, and writes it.</summary>
internal static class ConfigCheck
{
    /// <exception cref="CheckpointException">Keys differ; all of them are named.</exception>
    public static void Compare(string path, IEnumerable<ConfigEntry> entries)
    {
        var problems = JsonFile.Read(path, json => Problems(entries, json));
        if (problems.Length > 0)
        {
            throw new CheckpointException($"{path} describes another model than the attributes do:\n  {string.Join("\n  ", problems)}\nChange the attributes to the values found, or choose another folder.");
        }
    }

    /// <summary>What differs from a configuration, one text each.</summary>
    public static string[] Problems(IEnumerable<ConfigEntry> entries, JsonElement json) =>
        [.. entries.Where(static e => e.IsCompared).Select(e => Problem(e, json)).OfType<string>()];

    private static string? Problem(ConfigEntry entry, JsonElement json)
    {
        if (Find(json, entry.Key) is not { } found)
        {
            return entry.IsOptional ? null : $"{entry.Key}: expected {entry.Json}, found nothing";
        }

        return entry.Synonyms.Prepend(entry.Json).Any(e => Means(e, found)) ? null : $"{entry.Key}: expected {entry.Json}, found {UntrustedText.Show(found.GetRawText())}";
    }

    /// <summary>The configuration as indented JSON; dotted keys become objects.</summary>
    public static byte[] Write(IEnumerable<ConfigEntry> entries)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            WriteObject(json, [.. entries.Select(static e => (e.Key, e.Json))]);
        }

        buffer.Write("\n"u8);
        return buffer.ToArray();
    }

    private static void WriteObject(Utf8JsonWriter json, IReadOnlyList<(string Key, string Json)> entries)
    {
        json.WriteStartObject();
        foreach (var group in entries.GroupBy(static e => e.Key.Split('.')[0]))
        {
            json.WritePropertyName(group.Key);
            if (group.First().Key == group.Key)
            {
                json.WriteRawValue(group.First().Json);
            }
            else
            {
                WriteObject(json, [.. group.Select(e => (e.Key[(group.Key.Length + 1)..], e.Json))]);
            }
        }

        json.WriteEndObject();
    }

    private static JsonElement? Find(JsonElement at, string key)
    {
        foreach (var part in key.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at))
            {
                return null;
            }
        }

        return at;
    }

    private static bool Means(string json, JsonElement found)
    {
        using var expected = JsonDocument.Parse(json);
        return AreEqual(expected.RootElement, found);
    }

    // Numbers by value: 1e-12 and 1E-12, 0 and 0.0 are the same.
    private static bool AreEqual(JsonElement a, JsonElement b) => (a.ValueKind, b.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => a.GetDouble() == b.GetDouble(),
        (JsonValueKind.Array, JsonValueKind.Array) => a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray()).All(static p => AreEqual(p.First, p.Second)),
        (JsonValueKind.Object, JsonValueKind.Object) => JsonElement.DeepEquals(a, b),
        (JsonValueKind.String, JsonValueKind.String) => a.GetString() == b.GetString(),
        var (x, y) => x == y,
    };
}

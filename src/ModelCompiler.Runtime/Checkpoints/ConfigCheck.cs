using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>What a configuration that fits says besides.</summary>
/// <param name="Unread">Keys that the format does not know.</param>
/// <param name="Pictures">The grid of the folder's pictures, where the table of positions can be resized; null: not said.</param>
internal sealed record ConfigFindings(IReadOnlyList<string> Unread, GridSize? Pictures);

/// <summary>Compares <c>config.json</c> with what the attributes say, and writes it.</summary>
internal static class ConfigCheck
{
    private const string NeutralKeys = "*";
    private const string RepeatKeys = "=";

    // The keys that say of which kind a configuration is.
    private static readonly string[] s_kinds = ["model_type", "format", "architecture"];

    /// <summary>Compares. Where the table of positions can be resized, pictures may be of any size.</summary>
    /// <exception cref="CheckpointException">Keys differ; all of them are named.</exception>
    public static ConfigFindings Compare(string path, CheckpointTable table)
    {
        var grid = table.Bindings.Select(static b => b.Grid).FirstOrDefault(static g => g is not null);
        var (other, problems, findings) = JsonFile.Read(path, file =>
        {
            var json = FolderNames.Model(path, file);
            var sides = grid is null ? null : Find(json, grid.Key);
            var pictures = sides is { } s ? Pictures(grid!, s) : null;
            var isFree = grid is not null && (sides is null || pictures is not null);
            return (OtherKind(table, json), Problems(table.Config.Where(e => !isFree || e.Key != grid!.Key), json), new ConfigFindings(Unread(table.Config, json), pictures));
        });
        if (other is not null)
        {
            throw new CheckpointException($"{path} is of another format: its {other}, and the class has CheckpointFormat.{table.Format}. Choose the format in [Checkpoint(...)], or another folder.");
        }

        return problems.Length == 0 ? findings
            : throw new CheckpointException($"{path} describes another model than the attributes do:\n  {string.Join("\n  ", problems)}\nChange the attributes to the values found, or choose another folder.");
    }

    /// <summary>What differs from a configuration, one text each.</summary>
    public static string[] Problems(IEnumerable<ConfigEntry> entries, JsonElement json) =>
        [.. entries.Concat(Repeated([.. entries], key => Find(json, key) is { ValueKind: JsonValueKind.Object })).Where(static e => e.IsCompared).Select(e => Problem(e, json)).OfType<string>()];

    // The entries of objects that say once more what others do.
    private static IEnumerable<ConfigEntry> Repeated(ConfigEntry[] entries, Func<string, bool> isThere) =>
        entries.Where(e => e.Key == RepeatKeys && isThere(e.Synonyms[0])).SelectMany(r => entries.Select(e => Moved(e, r.Synonyms[1] + ".", r.Synonyms[0] + ".")).OfType<ConfigEntry>());

    private static ConfigEntry? Moved(ConfigEntry entry, string from, string to) => entry.Key == NeutralKeys
        ? entry with { Synonyms = [.. entry.Synonyms.Where(k => k.StartsWith(from, StringComparison.Ordinal)).Select(k => to + k[from.Length..])] }
        : entry.Key.StartsWith(from, StringComparison.Ordinal) ? entry with { Key = string.Join("|", entry.Key.Split('|').Select(k => to + k[from.Length..])) } : null;

    // What a file of another kind says of itself: its other keys would all differ.
    private static string? OtherKind(CheckpointTable table, JsonElement json)
    {
        foreach (var key in s_kinds)
        {
            if (Find(json, key) is { ValueKind: JsonValueKind.String } kind)
            {
                var ours = table.Config.FirstOrDefault(e => e.Key == key && (e.IsCompared || key != s_kinds[0]));
                return ours is not null && (!ours.IsCompared || Means(ours.Json, kind)) ? null : $"{key} is {UntrustedText.Show(kind.GetRawText())}";
            }
        }

        return null;
    }

    // A key that no entry names, alone or as the beginning of a path.
    private static string[] Unread(ConfigEntry[] entries, JsonElement json)
    {
        var known = entries.Concat(Repeated(entries, static _ => true)).SelectMany(static e => e.Key == NeutralKeys ? e.Synonyms : e.Key.Split('|')).ToHashSet();
        return [.. Below(json, "")];

        IEnumerable<string> Below(JsonElement at, string path) => at.ValueKind != JsonValueKind.Object ? [] : at.EnumerateObject().SelectMany(p =>
        {
            var key = path + p.Name;
            return known.Contains(key) ? [] : known.Any(k => k.StartsWith(key + ".", StringComparison.Ordinal)) ? Below(p.Value, key + ".") : [key];
        });
    }

    private static string? Problem(ConfigEntry entry, JsonElement json)
    {
        if (entry.Key == RepeatKeys)
        {
            return Find(json, entry.Synonyms[0]) is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) } other ? $"{entry.Synonyms[0]}: expected an object or null, found {UntrustedText.Show(other.GetRawText())}" : null;
        }

        string[] legal = [.. entry.Synonyms.Prepend(entry.Json).Where(static t => t.Length > 0)];
        var keys = entry.Key.Split('|');
        var key = keys.FirstOrDefault(k => Find(json, k) is not null) ?? keys[0];
        if (Find(json, key) is not { } found)
        {
            return entry.IsOptional ? null : $"{key}: expected {legal[0]}, found nothing";
        }

        return legal.Any(e => Means(e, found)) ? null : $"{key}: expected {legal[0]}, found {UntrustedText.Show(found.GetRawText())}";
    }

    /// <summary>The configuration as indented JSON; dotted keys become objects.</summary>
    public static byte[] Write(IEnumerable<ConfigEntry> entries)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            WriteObject(json, [.. entries.Where(static e => e.Json.Length > 0).Select(static e => (e.Key.Split('|')[0], e.Json))]);
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

    // The grid of pictures of one side, or of two; null: the value says neither, or no grid has so many places.
    private static GridSize? Pictures(PositionGrid grid, JsonElement sides) => sides.ValueKind switch
    {
        JsonValueKind.Number when Pixels(sides) is { } side => grid.Of(side, side),
        JsonValueKind.Array when sides.GetArrayLength() == 2 && Pixels(sides[0]) is { } height && Pixels(sides[1]) is { } width => grid.Of(height, width),
        _ => null,
    };

    private static int? Pixels(JsonElement side) => side.ValueKind == JsonValueKind.Number && side.TryGetInt32(out var pixels) ? pixels : null;

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
        return Gives(expected.RootElement, found) || AreEqual(expected.RootElement, found);
    }

    // The product as the reference computes it: in doubles, rounded down.
    private static bool Gives(JsonElement expected, JsonElement found) =>
        found.ValueKind == JsonValueKind.Number && expected.ValueKind == JsonValueKind.Object && expected.TryGetProperty("times", out var times) && expected.TryGetProperty("gives", out var gives)
        && Math.Floor(times.GetDouble() * found.GetDouble()) == gives.GetDouble();

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

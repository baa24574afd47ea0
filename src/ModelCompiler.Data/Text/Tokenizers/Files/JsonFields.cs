using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>An object of a tokenizer's or preprocessor's file, read strictly: every field is asked for by name, and what nobody asks for is an error that names it.</summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly string _path;

    /// <param name="path">What errors call it: the file, then names with dots.</param>
    public JsonFields(JsonElement json, string path)
    {
        _path = path;
        foreach (var field in Require(json, JsonValueKind.Object, path).EnumerateObject())
        {
            if (!_fields.TryAdd(field.Name, field.Value))
                throw Error(field.Name, "is there twice; legal is once");
        }
    }

    /// <summary>The name of a field in errors.</summary>
    public string PathOf(string name) => $"{_path}.{name}";

    /// <summary>Names of the fields that were not asked for yet.</summary>
    public string[] Names => [.. _fields.Keys];

    /// <summary>Whether a field is there that was not asked for yet.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>What a field is that was not asked for yet; undefined where it is absent.</summary>
    public JsonValueKind KindOf(string name) => _fields.TryGetValue(name, out var value) ? value.ValueKind : JsonValueKind.Undefined;

    /// <summary>A field of any kind; null where it is absent or null.</summary>
    public JsonElement? Optional(string name) => _fields.Remove(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A field that must be there.</summary>
    public JsonElement Any(string name) => Optional(name) ?? throw Error(name, "is missing");

    public string Text(string name) => OptionalText(name) ?? throw Error(name, "is missing; legal is a string");

    public string? OptionalText(string name) => Optional(name) is { } value ? TextOf(value, PathOf(name)) : null;

    public bool Flag(string name, bool? absent = null) => OptionalFlag(name) ?? absent ?? throw Error(name, "is missing; legal is true or false");

    public bool? OptionalFlag(string name) => Optional(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Error(name, $"is {Show(other)}; legal is true or false"),
    };

    public int Number(string name, int? absent = null) => OptionalNumber(name) ?? absent ?? throw Error(name, "is missing; legal is a whole number");

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public int AtLeast(string name, int least) => OptionalAtLeast(name, least) ?? throw Error(name, $"is missing; legal is a whole number, {least} or more");

    public int? OptionalAtLeast(string name, int least)
    {
        var number = OptionalNumber(name);
        return number < least ? throw Error(name, $"is {number}; legal is {least} or more") : number;
    }

    public int? OptionalNumber(string name) => Optional(name) is { } value ? NumberOf(value, PathOf(name)) : null;

    public JsonFields Fields(string name) => new(Any(name), PathOf(name));

    public JsonFields? OptionalFields(string name) => Optional(name) is { } value ? new(value, PathOf(name)) : null;

    /// <summary>The items of an array, with their names in errors.</summary>
    public IEnumerable<(JsonElement Value, string Path)> Items(string name) => ItemsOf(Any(name), PathOf(name));

    /// <summary>A string that names a member of <typeparamref name="T"/>.</summary>
    public T Choice<T>(string name, T? absent = null, bool ignoreCase = false) where T : struct, Enum
    {
        var text = OptionalText(name);
        if (text is null)
            return absent ?? throw Error(name, $"is missing; legal are {string.Join(", ", Enum.GetNames<T>())}");
        foreach (var member in Enum.GetValues<T>())
        {
            if (member.ToString().Equals(text, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
                return member;
        }

        throw Error(name, $"is '{text}'; legal are {string.Join(", ", Enum.GetNames<T>())}");
    }

    /// <summary>A field that may be there with one value alone.</summary>
    public void Only(string name, bool isLegal, string legal)
    {
        if (!isLegal)
            throw Error(name, $"has no counterpart; legal is {legal}");
    }

    /// <param name="danger">What could happen if they were passed over.</param>
    /// <exception cref="InvalidDataException">Fields are left that nobody asked for.</exception>
    public void Done(string danger = "tokens could be others without a word")
    {
        if (_fields.Count > 0)
            throw new InvalidDataException($"{_path} has the field{(_fields.Count > 1 ? "s" : "")} {string.Join(", ", _fields.Keys.Order(StringComparer.Ordinal).Select(static k => $"'{k}'"))}, which nothing here knows: {danger}.");
    }

    public InvalidDataException Error(string name, string problem) => new($"{PathOf(name)} {problem}.");

    public static string TextOf(JsonElement json, string path) => Require(json, JsonValueKind.String, path).GetString()!;

    public static int NumberOf(JsonElement json, string path) => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var number)
        ? number
        : throw new InvalidDataException($"{path} is {Show(json)}; legal is a whole number.");

    public static double RealOf(JsonElement json, string path) => json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var number)
        ? number
        : throw new InvalidDataException($"{path} is {Show(json)}; legal is a number.");

    public static IEnumerable<(JsonElement Value, string Path)> ItemsOf(JsonElement json, string path) =>
        Require(json, JsonValueKind.Array, path).EnumerateArray().Select((item, i) => (item, $"{path}[{i}]"));

    private static JsonElement Require(JsonElement json, JsonValueKind kind, string path) => json.ValueKind == kind
        ? json
        : throw new InvalidDataException($"{path} is {Show(json)}; legal is {(kind == JsonValueKind.String ? "a" : "an")} {kind.ToString().ToLowerInvariant()}.");

    private static string Show(JsonElement json) => json.ValueKind is JsonValueKind.Object or JsonValueKind.Array
        ? $"an {json.ValueKind.ToString().ToLowerInvariant()}"
        : json.GetRawText() is { Length: <= 40 } text ? text : json.GetRawText()[..40] + "...";
}

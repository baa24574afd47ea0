using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Strings of JSON objects, whatever else the objects hold.</summary>
internal static class RecordFields
{
    /// <summary>A field that is a string.</summary>
    /// <exception cref="InvalidDataException">It is missing, or something else; the message says what was found.</exception>
    public static string Text(JsonElement record, string field, string name) => Decoded(name, () => String(Field(record, field, name), field, name));

    /// <summary>A field that is a string, or an array of strings.</summary>
    /// <inheritdoc cref="Text"/>
    public static IReadOnlyList<string> Texts(JsonElement record, string field, string name) => Decoded(name, () =>
    {
        var value = Field(record, field, name);
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(e => String(e, $"an element of {field}", name))] : new[] { String(value, field, name) };
    });

    private static JsonElement Field(JsonElement record, string field, string name)
    {
        if (record.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{name}: {Kind(record)}; legal is an object.");
        return record.TryGetProperty(field, out var value)
            ? value
            : throw new InvalidDataException($"{name}: there is no field '{field}'; there are {Found.Names(record.EnumerateObject().Select(static p => p.Name))}.");
    }

    private static string String(JsonElement value, string what, string name) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new InvalidDataException($"{name}: '{what}' is {Kind(value)}; legal is a string.");

    // The library takes text that is no UTF-8, and halves of surrogate pairs, for mistakes of the program, and finds them late.
    private static T Decoded<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}

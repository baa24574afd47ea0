using System.Text.Json;
using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests.Evaluation;

/// <summary>Cases whose numbers the reference implementations computed.</summary>
internal static class GoldenMetrics
{
    private static readonly Lazy<JsonElement> s_cases = new(static () =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folders.Root, "tests", "Golden", "metrics", "cases.json"))).RootElement.GetProperty("cases"));

    public static IEnumerable<string> Names => s_cases.Value.EnumerateArray().Select(static c => c.GetProperty("name").GetString()!);

    public static JsonElement Whole(string name) => s_cases.Value.EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);

    public static (JsonElement Inputs, JsonElement Expected) Case(string name)
    {
        var found = Whole(name);
        return (found.TryGetProperty("inputs", out var inputs) ? inputs : default, found.GetProperty("expected"));
    }

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static string[] Texts(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(static e => e.GetString()!)];

    public static int[] Integers(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(static e => e.GetInt32())];

    public static double[] Doubles(this JsonElement element, string name) => Doubles(element.GetProperty(name));

    /// <summary>Numbers of nested lists, one after the other.</summary>
    public static double[] Doubles(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(static e => e.Doubles())] : [element.GetDouble()];
}

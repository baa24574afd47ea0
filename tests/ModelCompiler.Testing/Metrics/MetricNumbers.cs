using System.Text.Json;

namespace ModelCompiler.Testing;

/// <summary>Numbers and texts of stored cases by name.</summary>
internal static class MetricNumbers
{
    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static string[] Texts(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(static e => e.GetString()!)];

    public static int[] Integers(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(static e => e.GetInt32())];

    public static float[] Floats(this JsonElement element, string name) => Array.ConvertAll(element.Doubles(name), static v => (float)v);

    public static double[] Doubles(this JsonElement element, string name) => Doubles(element.GetProperty(name));

    /// <summary>Numbers of nested lists, one after the other.</summary>
    public static double[] Doubles(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(static e => e.Doubles())] : [element.GetDouble()];
}

using System.Globalization;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// A parsed <c>config.json</c>: objects are dictionaries, arrays lists, and the rest null, bool, long, double or string. It notes
/// which keys were asked for, so that the others can be reported.
/// </summary>
public sealed class ConfigFile(IReadOnlyDictionary<string, object?> values)
{
    private readonly HashSet<string> _asked = [];

    /// <summary>Keys that nothing asked for.</summary>
    public IEnumerable<string> Unread => values.Keys.Where(k => !_asked.Contains(k));

    public bool Has(string key) => Get(key) is not null;

    /// <summary>True where the key is there, if only with null.</summary>
    public bool Contains(string key) => key.Contains('.') ? Has(key) : values.ContainsKey(key);

    /// <summary>The value at a dotted path; null where there is none.</summary>
    public object? Get(string key)
    {
        IReadOnlyDictionary<string, object?>? at = values;
        object? value = null;
        _asked.Add(key.Split('.')[0]);
        foreach (var part in key.Split('.'))
        {
            if (at is null || !at.TryGetValue(part, out value))
            {
                return null;
            }

            at = value as IReadOnlyDictionary<string, object?>;
        }

        return value;
    }

    public string? Text(string key) => Get(key) as string;

    public long? Integer(string key) => Get(key) as long?;

    public double? Real(string key) => Get(key) switch
    {
        long i => i,
        double d => d,
        _ => null,
    };

    /// <summary>Keys of an object, or null.</summary>
    public int? Count(string key) => (Get(key) as IReadOnlyDictionary<string, object?>)?.Count;

    /// <summary>Marks keys that change nothing we compute.</summary>
    public void Skip(IEnumerable<string> keys) => _asked.UnionWith(keys);

    /// <summary>A value as JSON text.</summary>
    public static string Json(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        string s => "\"" + s.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"",
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        IReadOnlyDictionary<string, object?> d => "{" + string.Join(", ", d.Select(static e => Json(e.Key) + ": " + Json(e.Value))) + "}",
        IReadOnlyList<object?> l => "[" + string.Join(", ", l.Select(Json)) + "]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

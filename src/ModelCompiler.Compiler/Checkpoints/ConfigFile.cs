using System.Globalization;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// A parsed <c>config.json</c>: objects are dictionaries, arrays lists, and the rest null, bool, long, double or string. It notes
/// which keys were asked for, so that the others can be reported, and every value that is not what was asked for.
/// </summary>
public sealed class ConfigFile
{
    private static readonly IReadOnlyDictionary<string, object?> s_nothing = new Dictionary<string, object?>();

    private readonly IReadOnlyDictionary<string, object?> _values;
    private readonly string _at;
    private readonly HashSet<string> _asked = [];
    private readonly List<string> _unsupported;

    public ConfigFile(IReadOnlyDictionary<string, object?> values)
        : this(values, "", [])
    {
    }

    private ConfigFile(IReadOnlyDictionary<string, object?> values, string at, List<string> unsupported) => (_values, _at, _unsupported) = (values, at, unsupported);

    /// <summary>Keys that nothing asked for.</summary>
    public IEnumerable<string> Unread => _values.Keys.Where(k => !_asked.Contains(k));

    /// <summary>What has no counterpart: keys with their values and what is legal.</summary>
    public IReadOnlyList<string> Unsupported => _unsupported;

    /// <summary>An object within, as a configuration of its own: empty where there is none. What has no counterpart in it is named by its whole path, among this one's.</summary>
    public ConfigFile Under(string key) => new(Typed<IReadOnlyDictionary<string, object?>>(key, "an object") ?? s_nothing, $"{_at}{key}.", _unsupported);

    public bool Has(string key) => Get(key) is not null;

    /// <summary>True where the key is there, if only with null.</summary>
    public bool Contains(string key) => TryGet(key, out _);

    /// <summary>The value at a dotted path; null where there is none.</summary>
    public object? Get(string key) => TryGet(key, out var value) ? value : null;

    /// <summary>A text; null where there is none.</summary>
    public string? Text(string key) => Typed<string>(key, "a text");

    public long? Integer(string key) => (long?)Typed<object>(key, ConfigType.Integer, ConfigType.IsInteger);

    public double? Real(string key) => Typed<object>(key, ConfigType.Real, ConfigType.IsReal) is { } value ? ConfigType.ToReal(value) : null;

    public bool? Flag(string key) => (bool?)Typed<object>(key, ConfigType.Flag, static v => v is bool);

    /// <summary>The value of a flag that is never null.</summary>
    public bool Flag(string key, bool @default)
    {
        if (!TryGet(key, out var value))
        {
            return @default;
        }

        return value is bool flag ? flag : Fail<bool>(key, value, ConfigType.Flag);
    }

    /// <summary>The entries of a list; null where there is none.</summary>
    public IReadOnlyList<object?>? List(string key) => Typed<IReadOnlyList<object?>>(key, "a list");

    /// <summary>Keys of an object; null where there is none.</summary>
    public IEnumerable<string>? Keys(string key) => Typed<IReadOnlyDictionary<string, object?>>(key, "an object")?.Keys;

    /// <summary>Notes every key that nothing asked for.</summary>
    /// <param name="neutral">Keys that change nothing we compute.</param>
    public void FailUnread(IEnumerable<string> neutral)
    {
        _asked.UnionWith(neutral);
        foreach (var key in Unread)
        {
            Fail($"{_at}{key} = {Json(Get(key))} (no counterpart)");
        }
    }

    /// <summary>Notes a key whose value has no counterpart.</summary>
    public T Fail<T>(string key, object? value, string legal)
    {
        Fail($"{_at}{key} = {Json(value)} (supported: {legal})");
        return default!;
    }

    /// <summary>Notes what else has no counterpart; once, however often it is met.</summary>
    public void Fail(string what)
    {
        if (!_unsupported.Contains(what))
        {
            _unsupported.Add(what);
        }
    }

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

    private T? Typed<T>(string key, string legal, Func<object, bool>? isLegal = null)
        where T : class => Get(key) switch
        {
            null => null,
            T value when isLegal?.Invoke(value) ?? true => value,
            var other => Fail<T>(key, other, legal),
        };

    // What stands where an object is looked into must be one.
    private bool TryGet(string key, out object? value)
    {
        value = null;
        var at = _values;
        var parts = key.Split('.');
        _asked.Add(parts[0]);
        for (var i = 0; i < parts.Length; i++)
        {
            if (!at.TryGetValue(parts[i], out value))
            {
                return false;
            }

            if (i + 1 == parts.Length)
            {
                return true;
            }

            if (value is not IReadOnlyDictionary<string, object?> inner)
            {
                if (value is not null)
                {
                    Fail<object>(string.Join(".", parts.Take(i + 1)), value, "an object");
                }

                value = null;
                return false;
            }

            at = inner;
        }

        return false;
    }
}

using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ModelCompiler.Runtime;

/// <summary>Parameters by name, in the order of the model; what is not there is said with what is near it.</summary>
internal sealed class ParameterTable(string model, Dictionary<string, Parameter> byName) : IReadOnlyDictionary<string, Parameter>
{
    public int Count => byName.Count;

    public IEnumerable<string> Keys => byName.Keys;

    public IEnumerable<Parameter> Values => byName.Values;

    /// <exception cref="KeyNotFoundException">There is no such parameter: layers of one stack need not have the same ones.</exception>
    public Parameter this[string key] => byName.TryGetValue(key, out var parameter) ? parameter : throw new KeyNotFoundException($"{model} has no parameter '{key}'{Beside(key)}.");

    public bool ContainsKey(string key) => byName.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Parameter value) => byName.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, Parameter>> GetEnumerator() => byName.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // The parts of the nearest layer or tower above that is there: "blocks.1 has attention, feed_forward".
    private string Beside(string key)
    {
        for (var end = key.LastIndexOf('.'); end > 0; end = key.LastIndexOf('.', end - 1))
        {
            var above = key[..(end + 1)];
            var parts = byName.Keys.Where(k => k.StartsWith(above, StringComparison.Ordinal)).Select(k => k[above.Length..].Split('.')[0]).Distinct().ToArray();
            if (parts.Length > 0)
            {
                return $"; {key[..end]} has {string.Join(", ", parts)}";
            }
        }

        return "";
    }
}

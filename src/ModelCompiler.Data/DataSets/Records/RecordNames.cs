using System.Security.Cryptography;
using System.Text;

namespace ModelCompiler.Data;

/// <summary>What tells one set of records from another of the same kind and number, without reading any.</summary>
internal static class RecordNames
{
    // Of the largest set as well this takes no time.
    private const int Most = 256;

    /// <summary>The first name and the last, a digest of up to 256 that lie as far apart as they can and of the marks, and the first few of these. Of a path it is what stands behind the last folder, so that files may be moved.</summary>
    public static string Digest<TRecord>(IRecords<TRecord> records)
    {
        var count = (int)Math.Min(Most, records.Count);
        string[] names = [.. Enumerable.Range(0, count).Select(i => Short(records.NameOf(count == 1 ? 0 : (long)((Int128)i * (records.Count - 1) / (count - 1)))))];
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [.. names, .. records.Marks])));
        var marks = records.Marks.Count == 0 ? "" : $" of {Found.Names(records.Marks)}";
        return $"'{names[0]}' to '{names[^1]}' ({Convert.ToHexStringLower(digest.AsSpan(0, 4))}){marks}";
    }

    private static string Short(string name) => name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
}

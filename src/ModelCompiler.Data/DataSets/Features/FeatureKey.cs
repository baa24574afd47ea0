using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>What tells features of one model and data set from those of others.</summary>
internal static class FeatureKey
{
    /// <summary>Digest of weights, configuration and recipe, and the records in words.</summary>
    public static string Of<TRecord>(IModel model, IRecords<TRecord> records, string recipe)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in model.Core.Description.Checkpoint.Config)
        {
            Add($"{entry.Key}={entry.Json}");
        }

        foreach (var (name, parameter) in model.Core.Parameters.OrderBy(static p => p.Key, StringComparer.Ordinal))
        {
            Add($"{name}[{string.Join(',', parameter.Shape)}]");
            hash.AppendData(MemoryMarshal.AsBytes<float>(parameter.ToArray()));
        }

        Add(recipe);
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(hash.GetHashAndReset())}, {records.Count} records {RecordNames.Digest(records)}");

        // The length in front: no text runs into the next.
        void Add(string text)
        {
            hash.AppendData(BitConverter.GetBytes(text.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }
    }
}

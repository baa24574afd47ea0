using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>A record that could not be read.</summary>
/// <param name="Name">What its data set calls it.</param>
/// <param name="Reason">What is wrong with it.</param>
public readonly record struct BrokenRecord(string Name, string Reason)
{
    /// <summary>Whether an exception speaks of data rather than of the program: data or text that is not what it should be, a file that is missing or cannot be read.</summary>
    public static bool Is(Exception e) => e is InvalidDataException or IOException or UnauthorizedAccessException or FormatException or JsonException or DecoderFallbackException;

    public override string ToString() => Reason.Contains(Name, StringComparison.Ordinal) ? Reason : $"{Name}: {Reason}";
}

/// <summary>What happens where a record is broken.</summary>
public enum BrokenRecords
{
    /// <summary>Another one, drawn by (seed, place), takes its place, and it is reported.</summary>
    Skip,

    /// <summary>The batch throws <see cref="BrokenRecordException"/>.</summary>
    Stop,
}

/// <summary>A record is broken, and nothing takes its place.</summary>
public sealed class BrokenRecordException(BrokenRecord record, Exception? inner = null) : Exception(record.ToString(), inner)
{
    public BrokenRecord Record => record;
}

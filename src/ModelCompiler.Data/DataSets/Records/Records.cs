namespace ModelCompiler.Data;

/// <summary>Data sets of others.</summary>
public static class Records
{
    /// <summary>Records that a function makes.</summary>
    /// <param name="name">What each is called; null: its number.</param>
    /// <param name="marks">What tells them from others of the same number and names; null: nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static IRecords<TRecord> Of<TRecord>(long count, Func<long, TRecord> read, Func<long, string>? name = null, IReadOnlyList<string>? marks = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new MadeRecords<TRecord>(count, read, name ?? (static index => FormattableString.Invariant($"record {index}")), marks ?? []);
    }

    /// <summary>Records that are in memory.</summary>
    public static IRecords<TRecord> Of<TRecord>(IReadOnlyList<TRecord> records, Func<TRecord, string>? name = null) =>
        Of(records.Count, index => records[(int)index], name is null ? null : index => name(records[(int)index]));

    /// <summary>The same records, each made into something else when it is read. What the function throws counts as the record's.</summary>
    public static IRecords<TResult> Select<TRecord, TResult>(this IRecords<TRecord> records, Func<TRecord, TResult> make) => new SelectedRecords<TRecord, TResult>(records, make);

    /// <summary>The records whose names a condition holds for; none is read.</summary>
    public static IRecords<TRecord> WhereName<TRecord>(this IRecords<TRecord> records, Func<string, bool> condition) => records.Where(index => condition(records.NameOf(index)));

    /// <summary>The records whose numbers a condition holds for: for splits such as <c>Where(i => i % 5 != 0)</c>.</summary>
    public static IRecords<TRecord> Where<TRecord>(this IRecords<TRecord> records, Func<long, bool> condition)
    {
        var indices = new List<long>();
        var parts = new List<long>();
        var first = 0L;
        foreach (var part in records.Parts)
        {
            var before = indices.Count;
            for (var index = first; index < first + part; index++)
            {
                if (condition(index))
                    indices.Add(index);
            }

            parts.Add(indices.Count - before);
            first += part;
        }

        return new ChosenRecords<TRecord>(records, [.. indices], parts);
    }

    /// <summary>Data sets one behind the other, as one.</summary>
    public static IRecords<TRecord> Concat<TRecord>(params IReadOnlyList<IRecords<TRecord>> records) => new JoinedRecords<TRecord>([.. records]);

    internal static long Checked<TRecord>(this IRecords<TRecord> records, long index) => index >= 0 && index < records.Count
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Record {index} does not exist; legal is 0..{records.Count - 1}.");

    private sealed class MadeRecords<TRecord>(long count, Func<long, TRecord> read, Func<long, string> name, IReadOnlyList<string> marks) : IRecords<TRecord>
    {
        public long Count => count;

        public IReadOnlyList<string> Marks => marks;

        public string NameOf(long index) => name(this.Checked(index));

        public TRecord Read(long index) => read(this.Checked(index));
    }

    private sealed class SelectedRecords<TRecord, TResult>(IRecords<TRecord> records, Func<TRecord, TResult> make) : IRecords<TResult>
    {
        public long Count => records.Count;

        public IReadOnlyList<long> Parts => records.Parts;

        public IReadOnlyList<string> Marks => records.Marks;

        public string NameOf(long index) => records.NameOf(index);

        public TResult Read(long index) => make(records.Read(index));
    }

    private sealed class ChosenRecords<TRecord>(IRecords<TRecord> records, long[] indices, IReadOnlyList<long> parts) : IRecords<TRecord>
    {
        public long Count => indices.Length;

        public IReadOnlyList<long> Parts => parts;

        public IReadOnlyList<string> Marks => records.Marks;

        public string NameOf(long index) => records.NameOf(indices[this.Checked(index)]);

        public TRecord Read(long index) => records.Read(indices[this.Checked(index)]);
    }
}

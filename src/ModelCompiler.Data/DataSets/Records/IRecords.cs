namespace ModelCompiler.Data;

/// <summary>
/// A data set: records by number, in any order, by several threads at once. A number always stands for the same record. What a record is
/// made of may be broken: then reading it throws one of <see cref="BrokenRecord.Is"/>, and nothing else is wrong with the set.
/// </summary>
public interface IRecords<out TRecord>
{
    /// <summary>Number of records.</summary>
    long Count { get; }

    /// <summary>Records of each stretch that lies together, a file of many for instance, in their order; the sum is <see cref="Count"/>. Where a buffer shuffles, whole parts are shuffled first.</summary>
    IReadOnlyList<long> Parts => [Count];

    /// <summary>
    /// What tells these records from others of the same number and names: the classes of folders, the columns of a table. Where files lie is no part of it, so that they may be moved.
    /// Training goes on only with data whose marks are the same. Known without reading records; empty: nothing is.
    /// </summary>
    IReadOnlyList<string> Marks => [];

    /// <summary>What a record is called where something is said of it: its path, its key. Known without reading it.</summary>
    /// <param name="index">0..<see cref="Count"/> - 1.</param>
    string NameOf(long index);

    /// <summary>Reads a record.</summary>
    /// <param name="index">0..<see cref="Count"/> - 1.</param>
    TRecord Read(long index);
}

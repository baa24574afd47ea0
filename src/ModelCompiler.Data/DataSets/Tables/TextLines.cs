namespace ModelCompiler.Data;

/// <summary>A text file, UTF-8, plain or packed with gzip: a record a line, read when it is its turn. Lines end at line feeds alone; other line breaks of Unicode are part of them.</summary>
public sealed class TextLines : IRecords<string>, IDisposable
{
    private readonly LineIndex _lines;

    private TextLines(LineIndex lines) => _lines = lines;

    /// <summary>Finds where the lines of a file begin.</summary>
    /// <param name="skipsBlank">Leaves out lines that hold nothing, or white space alone.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message says what its folder holds.</exception>
    /// <exception cref="InvalidDataException">It is packed and broken.</exception>
    public static TextLines Open(string path, bool skipsBlank = false) => new(new LineIndex(path, skipsBlank));

    /// <inheritdoc/>
    public long Count => _lines.Count;

    /// <inheritdoc/>
    public string NameOf(long index) => _lines.NameOf((int)this.Checked(index));

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The line is no UTF-8.</exception>
    public string Read(long index) => _lines.Text((int)this.Checked(index));

    public void Dispose() => _lines.Dispose();
}

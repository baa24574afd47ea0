using System.Text;
using Sylvan.Data.Csv;

namespace ModelCompiler.Data;

/// <summary>A CSV file (RFC 4180) whose first row names its columns, in memory: commas, or another separator; fields in quotes hold anything. Blank lines at the end are no rows, nor are those between where there are several columns.</summary>
public sealed class CsvTable : IRecords<CsvRow>
{
    private const int MostFieldChars = 1 << 24;

    private readonly string _path;
    private readonly List<string[]> _rows;
    private readonly Dictionary<string, int> _columns;

    private CsvTable(string path, string[] columns, List<string[]> rows)
    {
        (_path, Columns, _rows) = (path, columns, rows);
        _columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
        {
            if (!_columns.TryAdd(columns[i], i))
                throw new InvalidDataException($"{path}: two columns are called '{columns[i]}'.");
        }
    }

    /// <summary>Names of the columns, in their order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    public long Count => _rows.Count;

    /// <summary>The columns.</summary>
    public IReadOnlyList<string> Marks => Columns;

    /// <summary>Reads a file, UTF-8.</summary>
    /// <exception cref="FileNotFoundException">There is no such file; the message says what its folder holds.</exception>
    /// <exception cref="InvalidDataException">It is no UTF-8, a quote is not closed, two columns have one name, or it is empty.</exception>
    public static CsvTable Read(string path, char separator = ',')
    {
        using var file = SeekableFile.Open(path);
        using var text = new StreamReader(file.AsStream(), new UTF8Encoding(false, throwOnInvalidBytes: true));
        return Read(text, path, separator);
    }

    /// <summary>Reads what is open already.</summary>
    /// <param name="name">What messages call it.</param>
    /// <inheritdoc cref="Read(string, char)"/>
    internal static CsvTable Read(TextReader text, string name, char separator = ',')
    {
        try
        {
            using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions
            {
                Delimiter = separator,
                Comment = '\0', // RFC 4180 has none; the library's own '#' would drop rows without a word
                BufferSize = 1 << 16,
                MaxBufferSize = MostFieldChars,
                ResultSetMode = ResultSetMode.SingleResult,
            });
            string[] columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
            if (columns.Length == 0)
                throw new InvalidDataException($"{name}: there is no row that names the columns.");
            var rows = new List<string[]>();
            while (reader.Read())
            {
                var row = new string[reader.RowFieldCount];
                for (var i = 0; i < row.Length; i++)
                    row[i] = reader.GetString(i);

                // A blank line is no row; of a single column it could be an empty field.
                if (columns.Length == 1 || row is not ([] or [""]))
                    rows.Add(row);
            }

            while (rows is [.., [] or [""]])
                rows.RemoveAt(rows.Count - 1);

            return new CsvTable(name, columns, rows);
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException or CsvMissingHeadersException)
        {
            throw new InvalidDataException($"{name}: {(e is CsvMissingHeadersException ? "it is empty; legal is a first line with the names of columns" : e.Message)}", e);
        }
    }

    /// <inheritdoc/>
    public string NameOf(long index) => FormattableString.Invariant($"{_path}, row {this.Checked(index) + 1}");

    /// <summary>A row. One with fewer fields than there are columns has those that it has.</summary>
    /// <exception cref="InvalidDataException">The row has more fields than there are columns, as one with a comma in a field without quotes: which are cut in two nobody knows.</exception>
    public CsvRow Read(long index) => _rows[(int)this.Checked(index)] is var row && row.Length <= Columns.Count
        ? new(this, index, row)
        : throw new InvalidDataException($"{NameOf(index)}: {row.Length} fields for the {Columns.Count} columns; legal are at most as many, and quotes around a field that has a separator in it.");

    /// <summary>The place of a column.</summary>
    /// <exception cref="InvalidDataException">There is none of that name; the message has those that there are.</exception>
    internal int Column(string name) => _columns.TryGetValue(name, out var column)
        ? column
        : throw new InvalidDataException($"{_path}: there is no column '{name}'; there are {Found.Names(Columns)}.");
}

/// <summary>A row of a table.</summary>
public readonly struct CsvRow
{
    private readonly CsvTable _table;
    private readonly long _index;
    private readonly string[] _fields;

    internal CsvRow(CsvTable table, long index, string[] fields) => (_table, _index, _fields) = (table, index, fields);

    /// <summary>A field by the name of its column.</summary>
    /// <exception cref="InvalidDataException">There is no such column, or the row has fewer fields than there are columns.</exception>
    public string this[string column]
    {
        get
        {
            var place = _table.Column(column);
            return place < _fields.Length
                ? _fields[place]
                : throw new InvalidDataException($"{_table.NameOf(_index)}: {_fields.Length} fields for the {_table.Columns.Count} columns, and none for '{column}'.");
        }
    }
}

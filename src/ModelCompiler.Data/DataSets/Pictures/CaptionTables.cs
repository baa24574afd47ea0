namespace ModelCompiler.Data;

/// <summary>Tables whose rows name a picture's file and what is said of it.</summary>
public static class CaptionTables
{
    /// <summary>Pictures of a CSV file.</summary>
    /// <param name="path">Path of the table.</param>
    /// <param name="picture">The column of the picture's path.</param>
    /// <param name="captions">The columns of its captions; fields that are empty do not count.</param>
    /// <param name="folder">What pictures' paths start from; null: the table's folder.</param>
    /// <exception cref="FileNotFoundException">There is no such table.</exception>
    /// <exception cref="InvalidDataException">A column is missing; the message names those that there are. Pictures that are missing are broken records.</exception>
    public static IRecords<CaptionedPicture> ReadCsv(string path, string picture, IReadOnlyList<string> captions, string? folder = null)
    {
        var table = CsvTable.Read(path);
        foreach (var column in captions.Prepend(picture))
            table.Column(column);
        return Records.Of(
            table.Count,
            index => Picture(folder ?? FolderOf(path), table.Read(index)[picture], captions.Select(c => table.Read(index)[c]), table.NameOf(index)),
            table.NameOf,
            [picture, .. captions]);
    }

    /// <summary>Pictures of a file of JSON Lines: an object a line.</summary>
    /// <param name="path">Path of the table.</param>
    /// <param name="picture">The field of the picture's path.</param>
    /// <param name="captions">The fields of its captions, each a string or an array of them; those that are empty do not count.</param>
    /// <param name="folder">What pictures' paths start from; null: the table's folder.</param>
    /// <exception cref="FileNotFoundException">There is no such table.</exception>
    /// <exception cref="InvalidDataException">A field is missing in the first line; the message names those that there are. Other lines and pictures are records, which may be broken.</exception>
    public static IRecords<CaptionedPicture> ReadJsonLines(string path, string picture, IReadOnlyList<string> captions, string? folder = null)
    {
        var lines = JsonLines.Open(path);
        if (lines.Count > 0)
            Fields(0);
        return Records.Of(lines.Count, Read, lines.NameOf, [picture, .. captions]);

        (string Picture, string[] Captions) Fields(long index)
        {
            var (line, name) = (lines.Read(index), lines.NameOf(index));
            return (RecordFields.Text(line, picture, name), [.. captions.SelectMany(c => RecordFields.Texts(line, c, name))]);
        }

        CaptionedPicture Read(long index)
        {
            var fields = Fields(index);
            return Picture(folder ?? FolderOf(path), fields.Picture, fields.Captions, lines.NameOf(index));
        }
    }

    private static CaptionedPicture Picture(string folder, string path, IEnumerable<string> captions, string name)
    {
        string[] said = [.. captions.Where(static c => c.Length > 0)];
        return said.Length > 0
            ? new CaptionedPicture(path, FileBytes.Read(Path.Combine(folder, path)), said)
            : throw new InvalidDataException($"{name}: there is no caption of '{path}'.");
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}

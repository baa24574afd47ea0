namespace ModelCompiler.Data;

/// <summary>A folder with a folder of pictures for each class: <c>daisy/1.jpg</c>, <c>roses/2.jpg</c>. Classes and pictures are in the order of their names, by code unit.</summary>
public sealed class ClassFolders : IRecords<ClassifiedPicture>
{
    private readonly string _folder;
    private readonly (string Path, int Class)[] _pictures;

    private ClassFolders(string folder, string[] classes, (string Path, int Class)[] pictures) => (_folder, Classes, _pictures, Marks) =
        (folder, classes, pictures, [.. pictures.CountBy(static p => p.Class).Select(c => FormattableString.Invariant($"{classes[c.Key]} ({c.Value})"))]);

    /// <summary>Names of the classes; a picture's class is a place in it.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public long Count => _pictures.Length;

    /// <summary>Lists a folder; nothing is read. Files count that are called like pictures, in folders of the class's folder too.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has no folders, or one of them has no pictures.</exception>
    public static ClassFolders Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw Found.MissingFolder(folder);
        string[] classes = [.. Directory.EnumerateDirectories(folder).Select(static d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];
        if (classes.Length == 0)
            throw new InvalidDataException($"{folder}: there are no folders, one for each class; there are {Found.Names(Directory.EnumerateFiles(folder).Select(static f => Path.GetFileName(f)))}.");
        return new ClassFolders(folder, classes, [.. classes.SelectMany((name, i) => Pictures(folder, name).Select(path => (path, i)))]);
    }

    /// <summary>Each class with the number of its pictures.</summary>
    public IReadOnlyList<string> Marks { get; }

    /// <inheritdoc/>
    public string NameOf(long index) => _pictures[this.Checked(index)].Path;

    /// <inheritdoc/>
    public ClassifiedPicture Read(long index)
    {
        var (path, label) = _pictures[this.Checked(index)];
        return new ClassifiedPicture(path, FileBytes.Read(Path.Combine(_folder, path)), label);
    }

    private static string[] Pictures(string folder, string name)
    {
        var all = Directory.EnumerateFiles(Path.Combine(folder, name), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal);
        string[] pictures = [.. all.Where(PictureNames.Is)];
        return pictures.Length > 0
            ? pictures
            : throw new InvalidDataException($"{Path.Combine(folder, name)}: there are no pictures ({Found.Names(PictureNames.Extensions)}); there are {Found.Names(all)}.");
    }
}

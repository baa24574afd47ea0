using ModelCompiler.Compiler.Architectures;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler;

/// <summary>Finds the files that models name as their tokenizers among those of a project.</summary>
public static class TokenizerFiles
{
    /// <summary>Whether a file of this name can be a tokenizer's.</summary>
    /// <param name="name">Without folders.</param>
    public static bool Has(string name) => TokenizerSize.Files.Contains(name);

    /// <summary>The spec with what its tokenizer leads to, and those of its towers with theirs; what is known already stays.</summary>
    /// <param name="paths">The project's files of such names, from its folder with <c>/</c>.</param>
    /// <param name="read">The text of one of them; null where it cannot be read.</param>
    public static ModelSpec AddTo(ModelSpec spec, IReadOnlyCollection<string> paths, Func<string, string?> read) => spec with
    {
        Tokenizer = spec.Tokenizer ?? (spec.Attributes.SelectMany(static a => a.Arguments).Where(static a => a.Name == nameof(TextTransformerAttribute.Tokenizer))
            .Select(static a => a.Value).OfType<SpecValue.Text>().FirstOrDefault(static t => t.Value.Length > 0) is { } named ? Find(named.Value, paths, read) : null),
        Attributes = new(spec.Attributes.Select(a => a with { TypeArguments = new(a.TypeArguments.Select(t => AddTo(t, paths, read))) })),
    };

    private static TokenizerSpec Find(string named, IReadOnlyCollection<string> paths, Func<string, string?> read)
    {
        if (Candidates(named).FirstOrDefault(paths.Contains) is not { } file)
        {
            return new("", 0, Missing(named, paths));
        }

        try
        {
            return read(file) is { } text ? new(file, TokenizerSize.Of(Name(file), text), null) : new(file, 0, $"\"{file}\" cannot be read");
        }
        catch (FormatException e)
        {
            return new(file, 0, $"\"{file}\" is no {Name(file)}: {e.Message}");
        }
    }

    // The file itself, or what a folder has.
    private static IEnumerable<string> Candidates(string named)
    {
        var parts = named.Replace('\\', '/').Split('/').Where(static p => p.Length > 0 && p != ".").ToArray();
        return TokenizerSize.Files.Select(f => string.Join("/", parts.Append(f))).Prepend(string.Join("/", parts));
    }

    private static string Missing(string named, IReadOnlyCollection<string> paths)
    {
        var legal = string.Join(", ", TokenizerSize.Files);
        var nearest = paths.SelectMany(static p => new[] { p, Folder(p) }.Where(static n => n.Length > 0))
            .OrderBy(p => EditDistance.Between(p, named)).ThenBy(static p => p, StringComparer.Ordinal).FirstOrDefault();
        return nearest is null
            ? $"\"{named}\" is not there, and the project has no tokenizer: put one of {legal} into its folder"
            : $"\"{named}\" is no file or folder of a tokenizer in the project; legal are {legal}, or a folder with one; nearest: \"{nearest}\"";
    }

    private static string Name(string path) => path.Substring(path.LastIndexOf('/') + 1);

    private static string Folder(string path) => path.Substring(0, Math.Max(0, path.LastIndexOf('/')));
}

using System.Runtime.CompilerServices;
using ModelCompiler.Generators.Tests.Harness;

namespace ModelCompiler.Generators.Tests.Emission;

/// <summary>
/// Emitted files are kept beside the tests and read like written code: a change of the emitter shows as a change of them.
/// <c>UPDATE_SNAPSHOTS=1</c> writes them anew.
/// </summary>
public sealed class SnapshotTests
{
    public static TheoryData<string> Names => new(SnapshotModels.Sources.Keys);

    [Theory, MemberData(nameof(Names))]
    public void Emitted_files_are_the_kept_ones(string name)
    {
        var folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "Snapshots", name);
        var emitted = Emitted(name);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Write(folder, emitted);
        }

        var kept = Directory.EnumerateFiles(folder).ToDictionary(static f => Path.GetFileName(f), static f => File.ReadAllText(f).ReplaceLineEndings("\n"));
        Assert.Equal(kept.Keys.Order(StringComparer.Ordinal), emitted.Keys.Order(StringComparer.Ordinal));
        Assert.All(emitted, file => Same(name, file.Key, kept[file.Key].Split('\n'), file.Value.Split('\n')));
    }

    private static Dictionary<string, string> Emitted(string name)
    {
        var isGpu = name.EndsWith("Gpu", StringComparison.Ordinal);
        var (output, complaints) = InMemory.Generate(isGpu ? InMemory.GpuProject(SnapshotModels.Sources[name]) : InMemory.Project(SnapshotModels.Sources[name]));
        Assert.Empty(complaints);
        return output.SyntaxTrees.Skip(1).Where(t => !isGpu || t.FilePath.Contains(".Gpu", StringComparison.Ordinal) || t.FilePath.EndsWith(".Model.g.cs", StringComparison.Ordinal)).ToDictionary(static t => Path.GetFileName(t.FilePath), static t => t.ToString());
    }

    private static void Write(string folder, Dictionary<string, string> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var stale in Directory.EnumerateFiles(folder))
        {
            File.Delete(stale);
        }

        foreach (var (file, text) in files)
        {
            File.WriteAllText(Path.Combine(folder, file), text);
        }
    }

    private static void Same(string name, string file, string[] kept, string[] emitted)
    {
        for (var i = 0; i < Math.Max(kept.Length, emitted.Length); i++)
        {
            var (before, now) = (kept.ElementAtOrDefault(i), emitted.ElementAtOrDefault(i));
            Assert.True(before == now, $"Snapshots/{name}/{file} line {i + 1}\nkept:    {before}\nemitted: {now}\nUPDATE_SNAPSHOTS=1 keeps the new one; read the difference first.");
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}

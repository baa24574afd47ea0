using System.Text.Json;
using System.Text.RegularExpressions;
using ModelCompiler.Testing;

namespace ModelCompiler.Generators.Tests.Building;

/// <summary>A project of a user's in a folder of its own, which the SDK builds against what these tests were built with.</summary>
internal sealed partial class BuiltProject : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("built-project-");
    private readonly List<string> _marks = [];

    /// <param name="properties">More of the project's properties, as MSBuild writes them.</param>
    public BuiltProject(string properties = "") => File.WriteAllText(Path.Combine(_folder.FullName, "Demo.csproj"), $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <Import Project="{Path.Combine(Folders.Root, "generators", "ModelCompiler.Generators", "ModelCompiler.Generators.props")}" />
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            {properties}
          </PropertyGroup>
        </Project>
        """);

    /// <summary>What the marks of all files say: <c>File.cs(line,column): id</c>, in order.</summary>
    public IEnumerable<string> Marks => _marks.Order(StringComparer.Ordinal);

    /// <summary>Adds a file, in which <c>{|id,id:text|}</c> marks a text and the errors at it.</summary>
    public void Write(string name, string source)
    {
        var text = source.ReplaceLineEndings("\n");
        while (Mark().Match(text) is { Success: true } mark)
        {
            var before = text[..mark.Index];
            var place = $"{name}({before.Count('\n') + 1},{mark.Index - before.LastIndexOf('\n')})";
            _marks.AddRange(mark.Groups[1].Value.Split(',').Select(id => $"{place}: {id}"));
            text = before + mark.Groups[2].Value + text[(mark.Index + mark.Length)..];
        }

        var file = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Names of the projects that it references.</summary>
    public IEnumerable<string> References() => Items("ProjectReference", static _ => true, "Filename");

    /// <summary>Its files of a kind, in order.</summary>
    /// <param name="isWanted">By the metadata of an item; null: all.</param>
    public IEnumerable<string> Items(string kind, Func<JsonElement, bool>? isWanted = null) =>
        Items(kind, isWanted ?? (static _ => true), "Identity").Select(static i => i.Replace('\\', '/')).Order(StringComparer.Ordinal);

    private IEnumerable<string> Items(string kind, Func<JsonElement, bool> isWanted, string named)
    {
        var (code, output) = Run("msbuild", $"-getItem:{kind}", "-nodeReuse:false");
        Assert.True(code == 0, output);
        using var items = JsonDocument.Parse(output);
        return [.. items.RootElement.GetProperty("Items").GetProperty(kind).EnumerateArray().Where(isWanted).Select(i => i.GetProperty(named).GetString()!)];
    }

    /// <summary>The errors of a build, as <see cref="Marks"/> has them. What is referenced is taken as it is: the tests' own build made it.</summary>
    public IEnumerable<string> Errors(params string[] properties)
    {
        // A compiler that stays between builds would keep the generator that it loaded first.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).FullName.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}") ? "Release" : "Debug";
        var (code, output) = Run(["build", "-c", configuration, "-v:q", "-nologo", "-clp:NoSummary", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:BuildProjectReferences=false", .. properties]);
        Assert.True(code != 0, $"the build succeeded:\n{output}");
        var errors = Error().Matches(output).Select(static m => $"{Path.GetFileName(m.Groups[1].Value)}({m.Groups[2].Value}): {m.Groups[3].Value}").Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.True(errors.Length > 0, $"the build failed without an error in a file:\n{output}");
        return errors;
    }

    private (int Code, string Output) Run(params string[] arguments)
    {
        var (code, output, errors) = Processes.Run("dotnet", _folder.FullName, arguments);
        return (code, output + errors);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [GeneratedRegex(@"\{\|([\w,]+):(\w+)\|\}")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^(.+?)\((\d+,\d+)\): error (\w+):", RegexOptions.Multiline)]
    private static partial Regex Error();
}

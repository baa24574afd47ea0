using System.Text.Json;
using ModelCompiler.Data;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>Packages as a user takes them, from a folder and without a network: a tool that is installed, a project that references them.</summary>
[Trait("suite", "slow")]
public sealed class PackageTests : IDisposable
{
    private static readonly string s_golden = Path.Combine(Folders.Root, "tests", "Golden");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("packages-");

    // All that a restore may look at: packages made here, and for those of others what this machine has unpacked already.
    public PackageTests() => Write("nuget.config", $"""
        <configuration>
          <packageSources><clear /><add key="folder" value="{At("feed")}" /></packageSources>
          <fallbackPackageFolders><add key="unpacked" value="{Unpacked}" /></fallbackPackageFolders>
        </configuration>
        """);

    private static string Unpacked => Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_tool_runs_from_an_empty_folder()
    {
        Pack("src/ModelCompiler.Cli");
        Dotnet("tool", "install", "modelc", "--tool-path", At("tools"), "--configfile", At("nuget.config"), "--version", Version);
        var empty = _folder.CreateSubdirectory("empty").FullName;

        Assert.Contains("public partial class Tiny;", Modelc("scaffold", Path.Combine(s_golden, "bert", "masked-lm"), "--name", "Tiny"));
        Write("lines.txt", "3 4 5\n6\n");
        foreach (var file in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(s_golden, "bert", "masked-lm", file), At(file));
        var rows = JsonDocument.Parse(File.ReadAllBytes(At("config.json"))).RootElement.GetProperty("vocab_size").GetInt32();
        new Tokenizer(new WordLevelModel(new Vocabulary(Enumerable.Range(0, rows).Select(static i => i == 0 ? "[PAD]" : $"{i}"))) { UnknownToken = "2" }, [new AddedToken("[PAD]")])
        {
            PreTokenizer = new WhitespaceSplit(),
        }.Save(_folder.FullName);
        Assert.StartsWith("""{"text":"3 4 5","ids":[3,4,5],"tokens":["3","4","5"],"offsets":[[0,1],[2,3],[4,5]]}""", Modelc("tokenize", _folder.FullName, "--input", At("lines.txt")));
        Assert.Equal(2, Modelc("embed", _folder.FullName, "--input", At("lines.txt")).Split("\"embedding\":[").Length - 1);
        Assert.Contains("CPU, ", Modelc("devices"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(empty));

        string Modelc(params string[] arguments) => Run(Path.Combine(_folder.FullName, "tools", "modelc"), empty, arguments);
    }

    [Fact]
    public void A_project_takes_the_compiler_from_packages()
    {
        foreach (var project in new[] { "generators/ModelCompiler.Generators", "src/ModelCompiler.Abstractions", "src/ModelCompiler.Runtime", "src/ModelCompiler.Data" })
            Pack(project);
        Write("Demo/Demo.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesPath>{At("restored")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ModelCompiler.Generators" Version="{Version}" PrivateAssets="all" />
                <PackageReference Include="ModelCompiler.Runtime" Version="{Version}" />
                <PackageReference Include="ModelCompiler.Data" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        Write("Demo/Program.cs", """
            using ModelCompiler;
            using ModelCompiler.Data;

            var tokenizer = TextTokenizer.Load<Tiny.Tokens>();
            using var model = new Tiny(seed: 1);
            var batch = new Tiny.Batch(tokenizer.Batch(["a small red circle", "a large blue square"]));
            batch.Labels[1] = 1;
            Console.WriteLine($"{Tiny.Tokens.VocabularySize} tokens, {(model.TrainStep(batch) > model.TrainStep(batch) ? "it learns" : "it does not learn")}");

            [TransformerEncoder(Tokenizer = "words", Context = 12, Width = 16, Depth = 1, Heads = 2, PaddingToken = 0, Pooling = Pooling.Mean), Classification(Classes = 2)]
            [AdamW(LearningRate = 1e-2)]
            public partial class Tiny;
            """);
        Directory.CreateDirectory(At("Demo/words"));
        File.Copy(Path.Combine(Folders.Root, "models", "ModelCompiler.Models", "Small", "captions", "tokenizer.json"), At("Demo/words/tokenizer.json"));
        Assert.Contains("155 tokens, it learns", Run("dotnet", At("Demo"), "run", "-c", "Release", "-p:UseSharedCompilation=false"));

        Write("Demo/Program.cs", File.ReadAllText(At("Demo/Program.cs")).Replace("Width = 16, Depth = 1, Heads = 2", "Width = 16, Depth = 1, Heads = 3", StringComparison.Ordinal));
        Assert.Contains("error MC1003: Width (16) must be divisible by Heads (3)", Run("dotnet", At("Demo"), isRight: false, "build", "-c", "Release", "-p:UseSharedCompilation=false"));
    }

    private static string Version => typeof(Tokenizer).Assembly.GetName().Version!.ToString(3);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    // What these tests were built with.
    private void Pack(string project) => Dotnet("pack", Path.Combine(Folders.Root, project), "--no-build", "--no-restore", "-c", Configuration, "-o", At("feed"), "-v:q", "-nologo", "-nodeReuse:false");

    private static string Configuration => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    private void Dotnet(params string[] arguments) => Run("dotnet", _folder.FullName, arguments);

    private static string Run(string program, string folder, params string[] arguments) => Run(program, folder, isRight: true, arguments);

    private static string Run(string program, string folder, bool isRight, params string[] arguments)
    {
        var (code, output, errors) = Processes.Run(program, folder, arguments);
        Assert.True((code == 0) == isRight, $"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}\n{errors}");
        return output;
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>A program that is compiled ahead of time, as a user publishes one: without a warning, and with the bits of one that is compiled as it runs.</summary>
[Trait("suite", "slow")]
public sealed class AheadOfTimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_published_program_trains_to_the_same_bits()
    {
        Assert.SkipUnless(Linker() is not null, "there is no gcc or clang to link with");
        var root = Folders.Root;
        _folder.Write("Program.csproj", System.Text.Encoding.UTF8.GetBytes($"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{root}/generators/ModelCompiler.Generators/ModelCompiler.Generators.props" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <PublishAot>true</PublishAot>
                <InvariantGlobalization>true</InvariantGlobalization>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseSharedCompilation>false</UseSharedCompilation>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="{root}/tests/ModelCompiler.Trainee/*.cs" />
              </ItemGroup>
            </Project>
            """));
        Run("dotnet", "publish", _folder["Program.csproj"], "-c", "Release", "-o", _folder["published"], "--nologo", "-v", "q");
        var ahead = Run(_folder["published/Program"], _folder["run"], $"{Fits.Steps}").TrimEnd().Split('\n')[^1];

        Assert.Equal($"{Fits.Steps} {Fits.Whole.Digest}", ahead);
        Assert.InRange(new FileInfo(_folder["published/Program"]).Length, 1, 8_000_000);
    }

    private static string? Linker() => new[] { "clang", "gcc" }.FirstOrDefault(static name =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, name))));

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}:\n{output}\n{errors.Result}");
        return output;
    }
}

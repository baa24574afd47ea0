using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The C# of the library that kernels are made of.</summary>
internal static class RuntimeSources
{
    private static readonly string[] s_folders = ["Kernels", "Mathematics"];

    public static IReadOnlyList<(string Name, string Text)> All { get; } =
    [
        .. from folder in s_folders
           from file in Directory.GetFiles(Path.Combine(Folders.Root, "src", "ModelCompiler.Gpu", folder), "*.cs")
           orderby file
           select (Path.GetFileName(file), File.ReadAllText(file)),
    ];
}

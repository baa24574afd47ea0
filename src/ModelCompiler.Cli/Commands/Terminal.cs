using System.CommandLine;
using System.Text;
using ModelCompiler.Cli.Hosting;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Cli.Commands;

/// <summary>Where a command writes, and how it ends: 0 done, 1 the model is not supported or has problems, 2 the arguments name nothing that can be read.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    public const int Unsupported = 1;
    public const int Unreadable = 2;

    public TextWriter Output => output;

    public int Report(string message, int code)
    {
        error.WriteLine(message);
        return code;
    }

    /// <summary>What an exception says, without the parameter of a method that the user never called.</summary>
    public static string Message(ArgumentException e) =>
        e.ParamName is { } name && e.Message.LastIndexOf($" (Parameter '{name}')", StringComparison.Ordinal) is var at and > 0 ? e.Message[..at] : e.Message;

    /// <summary>Runs a command; what the user can mend is one message without a stack.</summary>
    public static int Run(ParseResult parsed, Func<Terminal, int> command)
    {
        var terminal = new Terminal(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            return terminal.Report(PathArgument.NoOption(unknown, parsed.CommandResult.Command), Unsupported);
        }

        try
        {
            return command(terminal);
        }
        catch (HostException e)
        {
            return terminal.Report(e.Message, Unsupported);
        }
        catch (Exception e) when (e is CheckpointException or ModelSourceException or InvalidDataException or DecoderFallbackException or IOException or UnauthorizedAccessException)
        {
            return terminal.Report(e.Message, Unreadable);
        }
    }
}

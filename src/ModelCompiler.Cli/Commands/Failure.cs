using ModelCompiler.Cli.Hosting;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Cli.Commands;

/// <summary>How commands end: 0 done, 1 the model is not supported or has problems, 2 the arguments name nothing that can be read.</summary>
internal static class Failure
{
    public const int Unsupported = 1;
    public const int Unreadable = 2;

    /// <summary>Runs a command; what the user can mend is one message without a stack.</summary>
    public static int Guard(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (HostException e)
        {
            return Report(e.Message, Unsupported);
        }
        catch (Exception e) when (e is CheckpointException or ModelSourceException or IOException or UnauthorizedAccessException)
        {
            return Report(e.Message, Unreadable);
        }
    }

    public static int Report(string message, int code)
    {
        Console.Error.WriteLine(message);
        return code;
    }
}

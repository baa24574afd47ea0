using System.CommandLine;
using ModelCompiler.Cli.Commands;

namespace ModelCompiler.Models.Tests;

/// <summary>The command-line tool, run in this process.</summary>
internal static class Tool
{
    public static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Modelc.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}

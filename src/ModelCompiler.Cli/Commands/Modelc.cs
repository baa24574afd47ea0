using System.CommandLine;

namespace ModelCompiler.Cli.Commands;

/// <summary>The tool: its commands in the order in which help lists them.</summary>
internal static class Modelc
{
    public static RootCommand Create() => new("Looks at models as the compiler sees them and at devices that run them, makes classes of checkpoints, and runs their tokenizers, encoders and decoders.")
    {
        ScaffoldCommand.Create(),
        ShowCommand.Create(),
        DevicesCommand.Create(),
        TokenizeCommand.Create(),
        EmbedCommand.Create(),
        GenerateCommand.Create(),
    };
}

using System.CommandLine;
using ModelCompiler.Cli.Commands;

var modelc = new RootCommand("Looks at models as the compiler sees them, and makes classes of checkpoints.")
{
    ScaffoldCommand.Create(),
    ShowCommand.Create(),
};
return modelc.Parse(args).Invoke();

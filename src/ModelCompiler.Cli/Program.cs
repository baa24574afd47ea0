using ModelCompiler.Cli.Commands;

return Modelc.Create().Parse(args).Invoke();

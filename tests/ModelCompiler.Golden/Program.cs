using ModelCompiler.Golden;

if (args.Length != 1 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("golden FOLDER: runs every case below a folder, such as tests/Golden; prints family/case, errors over tolerance of outputs, gradients and curve, and ok, off or unsupported");
    return 2;
}

var folders = GoldenCase.Below(args[0]).ToArray();
if (folders.Length == 0)
{
    Console.Error.WriteLine($"There is no model with a case.json below {args[0]}.");
    return 2;
}

var allOk = true;
foreach (var folder in folders)
{
    var result = GoldenCase.Run(folder);
    allOk &= result.IsOk;
    Console.WriteLine(result);
}

return allOk ? 0 : 1;

using ModelCompiler.Golden;

if (args is not ([_] or [_, "--vocabularies", _]) || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("golden FOLDER [--vocabularies FOLDER]: runs every case below a folder, such as tests/Golden; prints family/case, errors over tolerance of outputs, gradients and curve, and ok, off or unsupported; of tokenizers folder/file, calls, those with other answers, of pictures folder, cases, the largest error over tolerance, of metrics folder/file and the same, and the same verdicts");
    return 2;
}

var count = 0;
var allOk = true;
foreach (var folder in GoldenCase.Below(args[0]))
{
    var result = GoldenCase.Run(folder);
    (count, allOk) = (count + 1, allOk & result.IsOk);
    Console.WriteLine(result);
}

foreach (var result in GoldenTokenizers.Run(args[0], args.ElementAtOrDefault(2)))
{
    (count, allOk) = (count + 1, allOk & result.IsOk);
    Console.WriteLine(result);
}

foreach (var result in GoldenPictures.Run(args[0]).Concat(GoldenMetrics.Run(args[0])))
{
    (count, allOk) = (count + 1, allOk & result.IsOk);
    Console.WriteLine(result);
}

if (count == 0)
{
    Console.Error.WriteLine($"There is neither a model or loss with a case.json, a tokenizer's cases.jsonl or batches.jsonl, nor a cases.json or preprocessor_config.json of pictures below {args[0]}.");
    return 2;
}

return allOk ? 0 : 1;

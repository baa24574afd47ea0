using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Benchmarks.Generation;

namespace ModelCompiler.Benchmarks.Micro;

/// <summary>The generator on GPT-2 once its code is compiled: all of it, and what edits cost.</summary>
public class GeneratorBenchmarks
{
    private readonly CSharpCompilation _compilation = GeneratorHost.Compilation(Sources.Gpt2(12), Sources.Other);
    private GeneratorDriver _driver = null!;
    private CSharpCompilation _elsewhere = null!, _here = null!;

    [GlobalSetup]
    public void Setup()
    {
        _driver = GeneratorHost.Driver().RunGenerators(_compilation);
        _elsewhere = _compilation.ReplaceSyntaxTree(_compilation.SyntaxTrees[1], CSharpSyntaxTree.ParseText(Sources.OtherEdited));
        _here = _compilation.ReplaceSyntaxTree(_compilation.SyntaxTrees[0], CSharpSyntaxTree.ParseText(Sources.Gpt2(6)));
    }

    [Benchmark]
    public object Whole() => GeneratorHost.Driver().RunGenerators(_compilation);

    [Benchmark]
    public object EditElsewhere() => _driver.RunGenerators(_elsewhere);

    [Benchmark]
    public object EditOfTheModel() => _driver.RunGenerators(_here);
}

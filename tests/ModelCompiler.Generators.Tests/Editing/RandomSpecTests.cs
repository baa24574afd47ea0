using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators.Tests.Editing;

/// <summary>No combination of options makes the compiler fail: it has problems, or it becomes code.</summary>
public sealed class RandomSpecTests
{
    [Fact]
    public void Every_spec_has_problems_or_files()
    {
        var compiled = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var spec = RandomSpecs.Spec(seed);
            try
            {
                // Depth alone makes compilation long: its checkpoint table has rows for each layer.
                var result = spec.Attributes[0].Arguments.Any(static a => a.Name == "Depth" && a.Value is SpecValue.Integer { Value: > 99 })
                    ? new CompileResult(default, CompilerPipeline.Check(spec))
                    : CompilerPipeline.Compile(spec);
                Assert.True(result.Problems.Count == 0 || result.Files.Count <= 1);
                Assert.All(result.Problems, static p => Assert.Contains(p.Rule, Rules.All));
                compiled += result.Files.Count > 1 ? 1 : 0;
            }
            catch (StageException e)
            {
                Assert.Fail($"seed {seed}: {e.Message}\n{string.Join("\n", spec.Attributes.Select(static a => $"{a.Name}({string.Join(", ", a.Arguments.Select(static x => $"{x.Name} = {x.Value}"))})"))}");
            }
        }

        Assert.True(compiled > 100, $"only {compiled} specs were good");
    }
}

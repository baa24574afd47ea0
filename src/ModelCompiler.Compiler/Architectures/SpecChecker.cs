using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Binds a spec and applies every rule to it.</summary>
internal static class SpecChecker
{
    public static (BoundModel Model, IReadOnlyList<SpecProblem> Problems) Run(ModelSpec spec)
    {
        var (model, unbound) = CompilerStage.Run("spec", () => AttributeBinder.Bind(spec));
        return (model, CompilerStage.Run("check", () => Check(model, unbound)));
    }

    // From cheap to dear: each kind of rule may rely on those before it.
    private static IReadOnlyList<SpecProblem> Check(BoundModel model, IReadOnlyList<SpecProblem> unbound)
    {
        var p = new ProblemList(model);
        p.AddRange(unbound);
        if (model.Get<ModelAttribute>() is null)
        {
            var architectures = string.Join(", ", AttributeBinder.Architectures.Select(static a => $"[{AttributeBinder.NameOf(a)}]"));
            p.AddRange([new SpecProblem(Rules.NoArchitecture, "", "", $"'{model.Spec.Type.Name}' needs an architecture: add one of {architectures}")]);
            return p.Items;
        }

        p.Single<ModelAttribute>("architecture");
        Action[] rules = [() => ArchitectureCatalogue.Of(model).Validate(model, p), () => SizeRules.Validate(model, p), () => ParameterRules.Validate(model, p)];
        foreach (var rule in rules.TakeWhile(_ => p.Items.Count == 0))
        {
            rule();
        }

        return p.Items;
    }
}

using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Binds a spec and applies every rule to it.</summary>
internal static class SpecChecker
{
    public static (BoundModel Model, IReadOnlyList<SpecProblem> Problems) Run(ModelSpec spec)
    {
        var (model, bindProblems) = AttributeBinder.Bind(spec);
        var problems = new ProblemList();
        problems.AddRange(bindProblems);
        var architectures = model.Attributes.OfType<ModelAttribute>().ToArray();
        if (architectures.Length == 0)
        {
            problems.AddRange([new SpecProblem(Rules.NoArchitecture, "", "",
                $"'{spec.Type.Name}' needs an architecture: add one of {string.Join(", ", ArchitectureCatalogue.All.Select(static a => $"[{AttributeBinder.NameOf(a.Attribute)}]"))}")]);
            return (model, problems.Items);
        }

        foreach (var second in architectures.Skip(1))
        {
            problems.Add(Rules.SeveralArchitectures, second, "", $"'{spec.Type.Name}' is a {AttributeBinder.NameOf(architectures[0].GetType())} already: remove one of the two");
        }

        if (problems.Items.Count == 0)
        {
            ArchitectureCatalogue.Of(model).Validate(model, problems);
        }

        if (problems.Items.Count == 0)
        {
            ParameterRules.Size(model, problems);
        }

        if (problems.Items.Count == 0)
        {
            ParameterRules.Validate(model, problems);
        }

        return (model, problems.Items);
    }
}

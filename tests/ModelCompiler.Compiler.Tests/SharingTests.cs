using ModelCompiler.Compiler.Architectures;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Shared parts: what two towers with copies of the same weights compute, and the sum of their gradients.</summary>
public sealed class SharingTests
{
    private static readonly double s_tolerance = Tolerances.Double(1000);

    public static TheoryData<string> Cases => new(ModelCases.All.Where(static c => c.Value.Any(static a => a.Name == "Share")).Select(static c => c.Key));

    [Theory, MemberData(nameof(Cases))]
    public void Gradients_are_sums_of_those_of_copies(string name)
    {
        // Layers that are frozen in one tower make runs of their own in both, and dropout draws by run.
        var model = ModelCases.All[name].With(("ResidualDropout", 0.0));
        var (shared, apart) = (new InterpretedModel(model), new InterpretedModel([.. model.Where(static a => a.Name != "Share")]));
        var names = PartNames.Of(shared.Model);
        var own = shared.Parameters.SelectMany(static p => Layers(p).Select(layer => (p, layer))).ToDictionary(static x => (x.p.Name, x.layer), static x => x.p);
        foreach (var (parameter, layer) in apart.Parameters.SelectMany(static p => Layers(p).Select(layer => (p, layer))))
        {
            shared.Values(own[(names.Home(parameter.Name), layer)], layer).CopyTo(apart.Values(parameter, layer), 0);
        }

        var (one, two) = (shared.Train(), apart.Train());
        Assert.Equal(two.Outputs["loss"][0], one.Outputs["loss"][0], 1e-12);
        var sums = two.Gradients.GroupBy(g => (names.Home(g.Key.Item1.Name), g.Key.Item2)).ToDictionary(static g => g.Key, static g => g.ToArray());
        Assert.Contains(sums.Values, static g => g.Length == 2);
        foreach (var ((parameter, layer), gradient) in one.Gradients)
        {
            var parts = sums[(parameter.Name, layer)];
            Assert.Null(Comparison.Of([.. Enumerable.Range(0, gradient.Length).Select(i => parts.Sum(p => p.Value[i]))], gradient, s_tolerance, parameter.Name));
        }
    }

    [Fact]
    public void What_is_shared_is_there_once()
    {
        var names = ArchitectureCatalogue.Build(new InterpretedModel("clip-shared").Model, Pass.Train).Parameters.Select(static p => p.Name).ToArray();
        Assert.DoesNotContain(names, static n => n.StartsWith("text.blocks.", StringComparison.Ordinal) || n.StartsWith("text_projection", StringComparison.Ordinal));
        Assert.Contains("text.embeddings.token.weight", names);
        Assert.Contains("image_projection.weight", names);
    }

    [Theory]
    [InlineData("blocks.0", "image.blocks.0", "text.blocks.0")]
    [InlineData("projection", "image_projection", "text_projection")]
    [InlineData("embeddings.token", "text.embeddings.token", "text.embeddings.token")]
    public void A_name_within_a_tower_is_frozen_in_both(string part, string first, string second)
    {
        Assert.Equal(Frozen(first, second), Frozen(part));
        Assert.NotEqual(Frozen("logit_scale"), Frozen(part));

        static string[] Frozen(params string[] parts)
        {
            AttributeSpec[] model = [.. ModelCases.All["clip"].Where(static a => a.Name != "Freeze"), ModelCases.Freeze(parts)];
            Assert.Empty(SpecChecker.Run(ModelCases.Bind(model).Spec).Problems);
            return [.. ArchitectureCatalogue.Build(ModelCases.Bind(model), Pass.Train).Parameters.SelectMany(static p => p.Parts.Where(static x => x.IsFrozen).Select(x => $"{p.Run?.First}|{p.Name}|{x.Path}"))];
        }
    }

    [Theory]
    [InlineData("blocks", "text.blocks")]
    [InlineData("blocks", "image.blocks")]
    [InlineData("projection", "text_projection")]
    public void What_is_shared_goes_by_its_name_within_a_tower_or_by_that_of_either(string part, string whole)
    {
        Assert.Equal(Names(part), Names(whole));

        static string[] Names(string part)
        {
            AttributeSpec[] model = [.. ModelCases.All["clip-shared"].Where(static a => a.Name is not ("Freeze" or "Share")), ModelCases.Share(part)];
            Assert.Empty(SpecChecker.Run(ModelCases.Bind(model).Spec).Problems);
            return [.. ArchitectureCatalogue.Build(ModelCases.Bind(model), Pass.Train).Parameters.Select(static p => p.Name)];
        }
    }

    [Theory]
    [InlineData("text", true)]
    [InlineData("text.blocks", true)]
    [InlineData("text.blocks.0.attention", false)]
    public void What_either_tower_freezes_is_frozen(string part, bool isWhole)
    {
        AttributeSpec[] model = [.. ModelCases.All["clip-shared"].Where(static a => a.Name != "Freeze"), ModelCases.Freeze(part)];
        Assert.Empty(SpecChecker.Run(ModelCases.Bind(model).Spec).Problems);
        var parameters = ArchitectureCatalogue.Build(ModelCases.Bind(model), Pass.Train).Parameters;
        var blocks = parameters.Where(static p => p.Name.StartsWith("image.blocks.", StringComparison.Ordinal)).SelectMany(static p => p.Parts.Where(static x => !x.IsAbsent).Select(x => (p.Run!.First, x))).ToArray();
        Assert.Equal(isWhole, blocks.All(static b => b.x.IsFrozen));
        Assert.All(blocks.Where(static b => b.First == 0 && b.x.Path.Contains(".attention.", StringComparison.Ordinal)), static b => Assert.True(b.x.IsFrozen));
        Assert.Contains(parameters, static p => p.Name == "image.embeddings.patch.weight" && p.IsTrainable);
    }

    [Theory]
    [InlineData("text.blocks", "image.blocks")]
    [InlineData("text.blocks.1.attention", "image.blocks.1.attention")]
    [InlineData("text_projection", "image_projection")]
    public void What_is_shared_is_one_part_whichever_tower_names_it(string second, string first)
    {
        var model = ModelCases.All["clip-shared"].Where(static a => a.Name != "Freeze").ToArray();
        Assert.Equal(Graph(first), Graph(second));

        string Graph(string part) => GraphPrinter.Print(ArchitectureCatalogue.Build(ModelCases.Bind([.. model, ModelCases.Freeze(part)]), Pass.Train).Graph);
    }

    private static IEnumerable<int> Layers(Parameter p) => p.Run is { } run ? Enumerable.Range(run.First, run.Count) : [-1];

    [Fact]
    public void What_a_reader_freezes_of_its_tower_is_frozen_in_the_whole()
    {
        var (reader, whole) = (ModelCases.All["blip2"][0].TypeArguments[1], ModelCases.All["blip2"]);
        var freezing = reader with { Attributes = new([.. reader.Attributes, ModelCases.Freeze("image.blocks", "embeddings.queries")]) };
        AttributeSpec[] model = [whole[0] with { TypeArguments = new([whole[0].TypeArguments[0], freezing, whole[0].TypeArguments[2]]) }, whole[1]];
        var frozen = ModelPrograms.Build(ModelCases.Bind(model), Pass.Train).Parameters.SelectMany(static p => p.Parts).Where(static p => p.IsFrozen && !p.IsAbsent).Select(static p => p.Path.Split('.')).ToArray();
        Assert.Equal(["image.blocks", "qformer.embeddings"], frozen.Select(static p => $"{p[0]}.{p[1]}").Distinct().Order());
    }
}

using Microsoft.CodeAnalysis;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Generators.Tests.Harness;
using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Caching;

/// <summary>What an edit costs: only models that it changes are compiled again.</summary>
public sealed class CachingTests
{
    private static readonly string[] s_models = [Vit(name: "A"), Gpt(name: "B"), Bert(name: "C")];

    [Fact]
    public void The_first_run_compiles_every_model() =>
        Assert.Equal(["A: New", "B: New", "C: New"], new Session(s_models).Reasons(ModelGenerator.FilesStep));

    [Fact]
    public void A_comment_in_a_models_file_compiles_nothing()
    {
        var session = Ran().Write(0, "// Why it is so small.\n" + s_models[0]);
        var run = session.Run();
        Assert.All(Session.Outputs(run, ModelGenerator.SpecStep), static o => Assert.True(o.Reason is IncrementalStepRunReason.Unchanged or IncrementalStepRunReason.Cached, $"{o.Subject}: {o.Reason}"));
        Assert.All(Session.Outputs(run, ModelGenerator.FilesStep), static o => Assert.Equal(IncrementalStepRunReason.Cached, o.Reason));
        Assert.All(run.TrackedOutputSteps.SelectMany(static s => s.Value).SelectMany(static s => s.Outputs), static o => Assert.Equal(IncrementalStepRunReason.Cached, o.Reason));
    }

    [Fact]
    public void Members_beside_the_attributes_compile_nothing() => AllCached(Ran().Write(0, s_models[0].Replace("class A;", "class A { public int Mine => 1; }")));

    [Fact]
    public void A_member_of_an_emitted_name_compiles_its_model_alone_and_other_members_beside_it_nothing()
    {
        var session = Ran();
        Assert.Equal(["A: Modified", "B: Cached", "C: Cached"], session.Write(0, s_models[0].Replace("class A;", "class A { public int Forward; }")).Reasons(ModelGenerator.FilesStep));
        AllCached(session.Write(0, s_models[0].Replace("class A;", "class A { public int Forward; public int Mine; }")));
        Assert.Equal(["A: Modified", "B: Cached", "C: Cached"], session.Write(0, s_models[0]).Reasons(ModelGenerator.FilesStep));
    }

    [Fact]
    public void A_namespace_that_hides_a_type_compiles_the_models_within_it_alone() => Assert.Equal(["D: Modified", "E: Cached"], Ran($"namespace Near {{ {Vit(name: "D")} }}", Gpt(name: "E"))
        .Edit(static p => p.AddSyntaxTrees(InMemory.Tree("namespace Near { class Device; class Other; }", "Other.cs"))).Reasons(ModelGenerator.FilesStep));

    [Fact]
    public void A_complaint_moves_with_its_class()
    {
        var session = Ran(Vit().Replace("partial", ""));
        Assert.Equal(1, Line(session));
        Assert.Equal(3, Line(session.Write(0, "// One line,\n// and another.\n" + Vit().Replace("partial", ""))));
        Assert.Equal(3, Line(session.Edit(static p => p.AddSyntaxTrees(InMemory.Tree("public class Other;", "Other.cs")))));
    }

    [Fact]
    public void An_unrelated_class_compiles_nothing() => AllCached(Ran().Edit(static p => p.AddSyntaxTrees(InMemory.Tree("public class Other;", "Other.cs"))));

    [Fact]
    public void Edits_of_an_unrelated_file_compile_nothing()
    {
        var session = Ran([.. s_models, "public class Other;"]);
        AllCached(session.Write(3, "public class Other { public int Size => 2; }"));
        AllCached(session.Write(3, "public class Other { public int Size => "));
        AllCached(session.Edit(static p => p.RemoveSyntaxTrees(p.SyntaxTrees[3])));
    }

    [Fact]
    public void An_argument_compiles_its_model_alone() =>
        Assert.Equal(["A: Cached", "B: Modified", "C: Cached"], Ran().Write(1, Gpt("Width = 16", name: "B")).Reasons(ModelGenerator.FilesStep));

    [Fact]
    public void A_constant_in_another_file_compiles_its_model_alone()
    {
        var session = Ran(Vit("Width = Sizes.Width", name: "A"), Gpt(name: "B"), "public static class Sizes { public const int Width = 8; }");
        Assert.Equal(["A: Modified", "B: Cached"], session.Write(2, "public static class Sizes { public const int Width = 16; }").Reasons(ModelGenerator.FilesStep));
    }

    [Fact]
    public void An_argument_that_says_the_default_writes_no_file_anew() =>
        Assert.Equal(["A: Unchanged", "B: Cached", "C: Cached"], Ran().Write(0, Vit("Channels = 3", name: "A")).Reasons(ModelGenerator.FilesStep));

    [Fact]
    public void A_tokenizers_file_compiles_the_models_that_name_it_and_only_when_its_size_is_another()
    {
        var session = new Session(Vit(name: "A"), Gpt("Vocabulary = 11, Tokenizer = \"vocab.txt\"", name: "B"), Bert("Tokenizer = \"bert\"", name: "C").Replace("Vocabulary = 11, ", ""))
            .Write(ProjectFile.Words(11)).Write(ProjectFile.Words(11, "bert/vocab.txt"));
        Assert.Equal(["A: New", "B: New", "C: New"], session.Reasons(ModelGenerator.FilesStep));
        AllCached(session.Write(new ProjectFile("vocab.txt", string.Concat(Enumerable.Range(0, 11).Select(static i => $"other{i}\n")))));
        AllCached(session.Write(ProjectFile.Words(9, "other/vocab.txt")));
        AllCached(session.Write(new ProjectFile("notes.txt", "none")));
        Assert.Equal(["A: Cached", "B: Cached", "C: Modified"], session.Write(ProjectFile.Words(12, "bert/vocab.txt")).Reasons(ModelGenerator.FilesStep));
        Assert.Contains(session.Run().GeneratedSources, static s => s.HintName == "C.Data.g.cs" && s.SourceText.ToString().Contains("VocabularySize = 12"));
    }

    [Fact]
    public void A_second_model_leaves_the_first_as_it_is()
    {
        var session = Ran(Vit(name: "A"));
        Assert.Equal(["A: Cached", "B: New"], session.Write(0, Vit(name: "A") + "\n" + Vit("Depth = 2", name: "B")).Reasons(ModelGenerator.FilesStep));
    }

    [Fact]
    public void A_removed_model_takes_its_files_along()
    {
        var run = Ran().Write(2, "public class C;").Run();
        Assert.DoesNotContain(run.GeneratedSources, static s => s.HintName.StartsWith("C.", StringComparison.Ordinal));
        Assert.Equal(["A: Cached", "B: Cached", "C: Removed"], [.. Session.Outputs(run, ModelGenerator.FilesStep).Select(static o => $"{o.Subject}: {o.Reason}").Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public void Leave_to_use_pointers_makes_the_files_appear()
    {
        var session = Ran().Edit(static p => p.WithOptions(p.Options.WithAllowUnsafe(false)));
        Assert.Empty(session.Run().GeneratedSources);
        Assert.NotEmpty(session.Edit(static p => p.WithOptions(p.Options.WithAllowUnsafe(true))).Run().GeneratedSources);
    }

    [Fact]
    public void Specs_of_two_projects_are_equal_and_not_the_same()
    {
        var first = Specs(new Session(s_models));
        var second = Specs(new Session([.. s_models, "public class Other;"]));
        Assert.Equal(3, first.Length);
        Assert.Equal(first, second);
        Assert.Equal(first.Select(static s => s.GetHashCode()), second.Select(static s => s.GetHashCode()));
        Assert.All(first.Zip(second), static pair => Assert.NotSame(pair.First, pair.Second));
    }

    private static Session Ran(params string[] sources)
    {
        var session = new Session(sources.Length == 0 ? s_models : sources);
        session.Run();
        return session;
    }

    private static int Line(Session session) => Assert.Single(session.Run().Diagnostics).Location.GetLineSpan().StartLinePosition.Line;

    private static void AllCached(Session session) => Assert.All(session.Reasons(ModelGenerator.FilesStep), static r => Assert.EndsWith(": Cached", r));

    private static ModelSpec[] Specs(Session session) => [.. Session.Outputs(session.Run(), ModelGenerator.SpecStep).Select(static o => ((Outcome<ModelSpec>)o.Value).Value!)];
}

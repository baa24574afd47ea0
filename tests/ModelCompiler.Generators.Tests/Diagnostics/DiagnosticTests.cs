using Microsoft.CodeAnalysis;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Generators.Tests.Harness;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Every mistake is said once, at the argument that is wrong, in words that help.</summary>
public sealed class DiagnosticTests
{
    public static TheoryData<string, string> Rows => new(Row.All.Select(static r => (r.Id, r.Source)));

    [Theory, MemberData(nameof(Rows))]
    public async Task A_mistake_is_said_once_where_it_is(string id, string source)
    {
        var row = Row.All.Single(r => (r.Id, r.Source) == (id, source));
        var said = Assert.Single(await InMemory.Say(row.Setting(InMemory.Project(row.Text)), row.Files));
        Assert.Equal(row.Message, said.GetMessage());
        Assert.Equal(row.Id, said.Id);
        Assert.Equal(DiagnosticSeverity.Error, said.Severity);
        Assert.Equal(row.Marked, InMemory.Marked(said));
        Assert.Equal(row.Start, said.Location.SourceSpan.Start - "using ModelCompiler;\n".Length);
    }

    [Fact]
    public async Task Two_classes_that_name_each_other_are_said_to_be_made_of_themselves()
    {
        const string Source = """
            [TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2, Pooling = Pooling.Last)] public partial class Words;
            [DualEncoder<Words, There>(Embedding = 4)] public partial class Here;
            [DualEncoder<Words, Here>(Embedding = 4)] public partial class There;
            """;
        var said = await InMemory.Say(InMemory.Project(Source), []);
        Assert.All(said, static s => Assert.Equal(Rules.CircularTowers.Id, s.Id));
        string[] beginnings = ["'There' is made of 'Here', and so of itself: name a class", "'Here' is made of 'There', and so of itself: name a class"];
        Assert.Equal(beginnings.Order(), said.Select(s => beginnings.First(b => s.GetMessage().StartsWith(b, StringComparison.Ordinal))).Order());
    }

    [Fact]
    public void Every_rule_has_a_row()
    {
        var missing = Rules.All.Except([Rules.InternalError]).Select(static r => r.Id).Except(Row.All.Select(static r => r.Id));
        Assert.True(!missing.Any(), $"no row in tests/ModelCompiler.Generators.Tests/Diagnostics breaks {string.Join(", ", missing)}: add one");
    }
}

using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests.Lowering;

public sealed class ParameterLayoutTests
{
    public static TheoryData<string> Cases => new(ModelCases.All.Keys);

    [Theory, MemberData(nameof(Cases))]
    public void Parameters_do_not_overlap_and_what_trains_comes_first(string name)
    {
        var parameters = ModelPrograms.Build(ModelCases.Bind(ModelCases.All[name]), Pass.Train).Parameters;
        var layout = new ParameterLayout(parameters);
        var pieces = parameters.SelectMany(p => Enumerable.Range(0, p.Run?.Count ?? 1).Select(layer => (From: layout.Of(p).Offset + (layer * layout.Of(p).LayerStride), p.Count, p.IsTrainable)))
            .OrderBy(static p => p.From).ToArray();
        Assert.All(pieces, p => Assert.Equal((0, p.IsTrainable), (p.From % 32, p.From < layout.TrainableFloats)));
        Assert.All(pieces.Zip(pieces.Skip(1)), static p => Assert.True(p.First.From + p.First.Count <= p.Second.From));
        Assert.True(pieces[^1].From + pieces[^1].Count <= layout.TotalFloats);
        Assert.True(pieces.Where(static p => p.IsTrainable).Max(static p => p.From + p.Count) <= layout.TrainableFloats);
    }
}

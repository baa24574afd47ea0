using ModelCompiler.Compiler.Checkpoints;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>Prints the table of checkpoint names, with the tensors of layers in a loop.</summary>
internal static class CheckpointPrinter
{
    public static void Print(CompiledModel model, SourceWriter w)
    {
        var names = model.Checkpoint;
        w.Summary($"Names and layouts of the weights in a {names.Format} checkpoint, and the config.json that goes with them.");
        using (w.Block("private static CheckpointTable CheckpointNames()"))
        {
            w.Line("var tensors = new List<TensorBinding>();");
            foreach (var tensor in names.Tensors)
            {
                w.Line($"tensors.Add(new({Names.Text(tensor.Name)}, {List(tensor.Aliases)}, {List(tensor.Parameters)}, {(tensor.Transposed ? "true" : "false")}, [{string.Join(", ", tensor.StoredShape)}]){Grid(tensor.Grid)});");
            }

            w.Line($"return new({Names.Text(names.Format)}, {List(names.OptionalPrefixes)}, [.. tensors], {List(names.Ignored)},");
            w.Line("[");
            foreach (var value in names.Config)
            {
                w.Line($"    new({Names.Text(value.Key)}, {Names.Text(value.Json)}, {List(value.Synonyms)}, {(value.IsOptional ? "true" : "false")}, {(value.IsCompared ? "true" : "false")}),");
            }

            w.Line("]);");
        }
    }

    private static string Grid(StoredGrid? g) => g is null ? ""
        : $" {{ Grid = new({Names.Text(g.Key)}, {g.Rows}, {g.Columns}, {g.PatchHeight}, {g.PatchWidth}, {g.Prefix}, {(g.Antialias ? "true" : "false")}) }}";

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Names.Text))}]";
}

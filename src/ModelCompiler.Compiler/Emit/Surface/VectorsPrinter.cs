using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>Prints the type of given vectors, and how they become inputs.</summary>
internal static class VectorsPrinter
{
    public static void Print(CompiledModel model, Side side, PrecomputedFeaturesAttribute o, SourceWriter w)
    {
        w.Summary($"Vectors [count, {o.Tokens}, {o.Width}]{(o.Padded ? ", and which of them are there" : "")}.");
        using (w.Block($"public sealed class {side.InputClass}(int count) : VectorBatch(count, VectorCount, VectorWidth)"))
        {
            w.Line($"public const int VectorCount = {o.Tokens}, VectorWidth = {o.Width};");
        }

        w.Line();
        using (w.Block($"private void SetInputs({side.InputClass} inputs)"))
        {
            w.Line(o.Padded ? "inputs.CheckMask();" : "inputs.RequireAll();");
            foreach (var (input, values) in new[] { ("vectors", "Values"), ("mask", "Mask"), ("weights", "Weights()"), ("counts", "Counts()") }.Where(i => model.HasInput(side.Prefix + i.Item1)))
            {
                w.Line($"_core.SetInput({Names.Text(side.Prefix + input)}, inputs.{values});");
            }
        }
    }
}

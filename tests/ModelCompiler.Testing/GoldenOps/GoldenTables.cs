using ModelCompiler.Runtime;

namespace ModelCompiler.Testing;

/// <summary>Stored tables of positions by the initializers of the runtime, in the stored layout.</summary>
internal static class GoldenTables
{
    public static double[] Positions(GoldenOpFile file)
    {
        var shape = file.Shape("out.y");
        return file.Op == "sinusoid" ? Line(file, shape) : Grid(file, shape);
    }

    // A table from 0 on; the stored one may begin later.
    private static double[] Line(GoldenOpFile file, int[] shape)
    {
        var start = file.Option("start").GetInt32();
        var table = new float[(start + shape[0]) * shape[1]];
        new Initializer.Sinusoid().Fill(table, [start + shape[0], shape[1]], default);
        return Array.ConvertAll(table[(start * shape[1])..], static v => (double)v);
    }

    // Ours: quarters sin y, sin x, cos y, cos x. Stored: sin and cos of one coordinate, then of the other.
    private static double[] Grid(GoldenOpFile file, int[] shape)
    {
        var table = new float[shape[0] * shape[1]];
        new Initializer.SinusoidGrid(file.Option("columns").GetInt32(), file.Option("class_token").GetBoolean() ? 1 : 0).Fill(table, shape, default);
        var quarter = shape[1] / 4;
        int[] quarters = file.Option("first").GetString() == "row" ? [0, 2, 1, 3] : [1, 3, 0, 2];
        return [.. Enumerable.Range(0, table.Length).Select(i => (double)table[(i / shape[1] * shape[1]) + (quarters[i % shape[1] / quarter] * quarter) + (i % quarter)])];
    }
}

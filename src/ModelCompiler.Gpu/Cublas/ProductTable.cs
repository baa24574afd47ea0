using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelCompiler.Gpu;

/// <summary>Microseconds that a product took in both ways.</summary>
internal sealed record ProductTime(ProductShape Shape, double Own, double Cublas);

/// <summary>Which products cuBLAS makes faster than the kernels of this project: times that were measured on one device.</summary>
/// <param name="Format">Of the file: <see cref="Current"/>.</param>
/// <param name="Device">Its driver's name for it.</param>
/// <param name="Library">Version of cuBLAS.</param>
internal sealed record ProductTable(int Format, string Device, string Library, IReadOnlyList<ProductTime> Products)
{
    public const int Current = 1;

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>
    /// Whether cuBLAS makes a product. One that was not measured goes the way of the nearest one that differs from it in sizes alone, by the ratios of sizes, of two
    /// as near the first of the file; where there is none, the rule for unmeasured products decides.
    /// </summary>
    public bool PrefersCublas(in ProductShape shape)
    {
        ProductTime? nearest = null;
        var least = double.PositiveInfinity;
        foreach (var time in Products)
        {
            if (time.Shape.IsLike(in shape) && Distance(time.Shape, shape) is var distance && distance < least)
            {
                (nearest, least) = (time, distance);
            }
        }

        return nearest is null ? ProductRule.PrefersCublas(in shape) : nearest.Cublas < nearest.Own;
    }

    /// <summary>Reads a file that <c>gpucheck --products</c> has written.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds something else, or a part of a table.</exception>
    public static ProductTable Read(string path)
    {
        try
        {
            var table = JsonSerializer.Deserialize<ProductTable>(File.ReadAllText(path), s_json);
            return table?.Fault() switch
            {
                null when table is not null => table,
                var fault => throw Invalid(path, fault ?? "it is null.", null),
            };
        }
        catch (JsonException e)
        {
            throw Invalid(path, e.Message, e);
        }
    }

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, s_json) + "\n");

    private string? Fault()
    {
        if (Format != Current)
        {
            return FormattableString.Invariant($"its format is {Format}, and this program reads {Current}.");
        }

        if (Products.Count == 0)
        {
            return "it has no products.";
        }

        var shapes = new HashSet<ProductShape>();
        foreach (var (shape, own, cublas) in Products)
        {
            if (Math.Min(Math.Min(shape.Rows, shape.Columns), shape.Inner) < 1 || !(own > 0 && cublas > 0 && double.IsFinite(own + cublas)))
            {
                return FormattableString.Invariant($"{shape} in {own} and {cublas} microseconds cannot be: sizes are 1 or more, times above 0.");
            }

            if (!shapes.Add(shape))
            {
                return $"{shape} is there twice.";
            }
        }

        return null;
    }

    private static double Distance(in ProductShape a, in ProductShape b) => Octaves(a.Rows, b.Rows) + Octaves(a.Columns, b.Columns) + Octaves(a.Inner, b.Inner);

    private static double Octaves(int a, int b) => Math.Abs(Math.Log2((double)a / b));

    private static InvalidDataException Invalid(string path, string why, Exception? cause) =>
        new($"{path} is no table of products, or not all of one: {why.TrimEnd('.')}. gpucheck --products {Path.GetFileName(path)} measures one.", cause);
}

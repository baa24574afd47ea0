using System.Text.Json.Nodes;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>Folders of models for pictures of another size: the table of positions is resized as the format's reference does it.</summary>
public sealed class ResizedTableTests
{
    private const string Weight = "embeddings.position.weight";

    private static readonly AttributeSpec s_head = ModelCases.Attribute("Classification", ("Classes", 3));

    // Format, table, patch, pictures of the folder and of the model, rows before the grid.
    private static readonly Dictionary<string, Case> s_cases = new()
    {
        ["ViT, larger"] = new(CheckpointFormat.HuggingFaceVit, "vit.embeddings.position_embeddings", (4, 4), (12, 12), (20, 20), 1),
        ["ViT, smaller"] = new(CheckpointFormat.HuggingFaceVit, "vit.embeddings.position_embeddings", (4, 4), (28, 28), (12, 12), 1),
        ["DeiT, wide to high"] = new(CheckpointFormat.HuggingFaceDeit, "deit.embeddings.position_embeddings", (4, 4), (12, 16), (24, 8), 2, [("DistillationToken", true)]),
        ["DINOv2, more that fills no patch"] = new(CheckpointFormat.HuggingFaceDinov2, "dinov2.embeddings.position_embeddings", (4, 4), (20, 24), (12, 8), 1, [("MaskToken", true), ("LayerScale", 0.5), ("Pooling", Pooling.ClsAndMean)]),
        ["timm, larger"] = new(CheckpointFormat.TimmVit, "pos_embed", (4, 4), (12, 12), (20, 16), 1),
        ["timm, smaller, registers"] = new(CheckpointFormat.TimmVit, "pos_embed", (4, 4), (28, 28), (12, 16), 3, [("Registers", 2)]),
        ["timm, positions of patches alone"] = new(CheckpointFormat.TimmVit, "pos_embed", (4, 4), (12, 20), (20, 12), 0, [("PrefixPositions", false), ("Registers", 1)]),
        ["timm, high patches, no class token"] = new(CheckpointFormat.TimmVit, "pos_embed", (6, 2), (12, 12), (6, 8), 0, [("ClassToken", false), ("Pooling", Pooling.Mean)]),
    };

    public static TheoryData<string> Cases => new(s_cases.Keys);

    [Theory, MemberData(nameof(Cases))]
    public void The_table_is_the_matrix_times_the_folders(string name)
    {
        var c = s_cases[name];
        using var folder = new EditedFolder(c.Spec(c.From));
        using var model = HostedModels.Create(c.Spec(c.To), seed: 9);
        var report = model.Core.LoadPretrained(folder.Path);
        Assert.Equal([new ResizedTable(c.Table, c.Grid(c.From), c.Grid(c.To))], report.Resized);
        Assert.Contains($"; resized: {c.Table} from {c.Grid(c.From)} to {c.Grid(c.To)}", report.ToString());
        Assert.Equal(folder.Tensors.Count, report.Loaded.Count);
        Assert.Empty(report.Skipped);

        var (weights, table) = (HostedModels.Weights(model), folder.Weights[Weight]);
        var expected = c.Resized(table, width: 8);
        Assert.Equal(expected.Length, weights[Weight].Length);
        Assert.All(weights[Weight].Zip(expected), static v => Assert.Equal(v.Second, v.First, 3e-7));
        Assert.Equal(table[..(c.Prefix * 8)], weights[Weight][..(c.Prefix * 8)]);
        Assert.All(folder.Weights.Keys.Where(static k => k != Weight), k => Assert.Equal(folder.Weights[k], weights[k]));
    }

    [Theory, MemberData(nameof(Cases))]
    public void What_is_saved_has_the_models_own_size_and_is_loaded_bit_by_bit(string name)
    {
        var c = s_cases[name];
        using var folder = new EditedFolder(c.Spec(c.To));
        var sides = c.Format == CheckpointFormat.TimmVit ? folder.Config["model_args"]!["img_size"]! : folder.Config["image_size"]!;
        Assert.Equal(c.To.Height == c.To.Width ? $"{c.To.Height}" : $"[{c.To.Height},{c.To.Width}]", sides.ToJsonString());
        using var model = HostedModels.Create(c.Spec(c.To), seed: 9);
        Assert.Empty(model.Core.LoadPretrained(folder.Path).Resized);
        Assert.Equal(folder.Weights, HostedModels.Weights(model));
    }

    [Theory]
    [InlineData("class-token", CheckpointFormat.HuggingFaceVit, "vit.embeddings.position_embeddings")]
    [InlineData("two-prefixes", CheckpointFormat.HuggingFaceDeit, "deit.embeddings.position_embeddings")]
    [InlineData("antialias", CheckpointFormat.TimmVit, "pos_embed")]
    public void The_reference_resizes_alike(string name, CheckpointFormat format, string table)
    {
        var stored = GoldenOpFile.All("position-table").Single(f => f.Name == name);
        Assert.Equal(format == CheckpointFormat.TimmVit, stored.Option("antialias").GetBoolean());
        var (width, isDistilled) = (stored.Shape("in.table")[2], format == CheckpointFormat.HuggingFaceDeit);
        using var folder = new EditedFolder(Of("grid"));
        folder.Tensors[table] = (stored.Shape("in.table"), Array.ConvertAll(stored.Values("in.table"), static v => (float)v));
        folder.Save();
        using var model = HostedModels.Create(Of("size"));
        Assert.Single(model.Core.LoadPretrained(folder.Path).Resized);
        var (expected, actual) = (stored.Values("out.y"), model.Core.Parameters[Weight].ToArray());
        var allowed = stored.FloatTolerance("out.y") * Math.Sqrt(expected.Sum(static v => v * v) / expected.Length);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(actual.Zip(expected), v => Assert.Equal(v.Second, v.First, allowed));

        ModelSpec Of(string size) => HostedModels.Spec(
            ModelCases.Attribute("VisionTransformer", ("ImageHeight", 2 * stored.Option(size)[0].GetInt32()), ("ImageWidth", 2 * stored.Option(size)[1].GetInt32()), ("PatchSize", 2), ("Width", width), ("Depth", 1), ("Heads", 1), ("DistillationToken", isDistilled)),
            s_head, ModelCases.Attribute("Checkpoint", ("format", format)));
    }

    [Fact]
    public void A_table_that_is_resized_on_loading_and_one_that_the_model_resizes_give_the_same_logits()
    {
        var c = s_cases["ViT, larger"];
        using var folder = new EditedFolder(c.Spec(c.From));
        using var once = HostedModels.Create(c.Spec(c.To));
        using var always = HostedModels.Create(c.Spec(c.To, ("PositionRows", 3), ("PositionColumns", 3)));
        Assert.Single(once.Core.LoadPretrained(folder.Path).Resized);
        Assert.Empty(always.Core.LoadPretrained(folder.Path).Resized);
        Assert.Equal(folder.Weights, HostedModels.Weights(always));
        Assert.All(Logits(once).Zip(Logits(always)), static l => Assert.Equal(l.Second, l.First, 1e-5));

        static float[] Logits(IModel model)
        {
            model.Core.SetInput("pictures", [.. Enumerable.Range(0, 3 * 20 * 20).Select(static i => MathF.Sin(i))]);
            model.Core.Forward(1, 1);
            return model.Core.Output("logits");
        }
    }

    [Fact]
    public void A_model_that_resizes_its_table_itself_needs_one_of_its_own_size()
    {
        var c = s_cases["ViT, larger"];
        using var folder = new EditedFolder(c.Spec(c.From));
        Assert.Contains("image_size: expected [8, 12], found 12\n", folder.Refusal(c.Spec(c.To, ("PositionRows", 2), ("PositionColumns", 3))));
    }

    [Fact]
    public void Places_that_are_as_many_in_another_grid_are_resized_too()
    {
        var c = s_cases["timm, positions of patches alone"];
        using var folder = new EditedFolder(c.Spec(c.From));
        using var model = HostedModels.Create(c.Spec(c.To));
        model.Core.LoadPretrained(folder.Path);
        Assert.NotEqual(folder.Weights[Weight], model.Core.Parameters[Weight].ToArray());
    }

    [Fact]
    public void A_grid_is_the_same_where_only_pixels_that_fill_no_patch_differ()
    {
        var c = s_cases["ViT, larger"];
        using var folder = new EditedFolder(c.Spec(c.From));
        folder.Config["image_size"] = new JsonArray(15, 13);
        folder.Save();
        using var model = HostedModels.Create(c.Spec(c.From));
        Assert.Empty(model.Core.LoadPretrained(folder.Path).Resized);
        Assert.Equal(folder.Weights, HostedModels.Weights(model));
    }

    [Theory]
    [InlineData("ViT, larger", "3 x 3")]
    [InlineData("timm, smaller, registers", "7 x 7")]
    [InlineData("timm, high patches, no class token", "2 x 6")]
    public void A_folder_that_does_not_say_has_square_pictures(string name, string grid)
    {
        var c = s_cases[name];
        using var folder = new EditedFolder(c.Spec(c.From));
        _ = folder.Config.Remove("image_size") || folder.Config["model_args"]!.AsObject().Remove("img_size");
        folder.Save();
        using var model = HostedModels.Create(c.Spec(c.To));
        Assert.Equal(grid, model.Core.LoadPretrained(folder.Path).Resized.Single().From.ToString());
        Assert.All(model.Core.Parameters[Weight].ToArray().Zip(c.Resized(folder.Weights[Weight], 8)), static v => Assert.Equal(v.Second, v.First, 3e-7));
        using var alike = HostedModels.Create(c.Spec(c.From));
        Assert.Empty(alike.Core.LoadPretrained(folder.Path).Resized);
    }

    [Theory]
    [InlineData("image_size", "\"big\"", "image_size: expected 20, found \"big\"\n")]
    [InlineData("image_size", "null", "image_size: expected 20, found null\n")]
    [InlineData("image_size", "3", "image_size: expected 20, found 3\n")]
    [InlineData("image_size", "-12", "image_size: expected 20, found -12\n")]
    [InlineData("image_size", "12.5", "image_size: expected 20, found 12.5\n")]
    [InlineData("image_size", "[12]", "image_size: expected 20, found [12]\n")]
    [InlineData("image_size", "[12,\"12\"]", "image_size: expected 20, found [12,\"12\"]\n")]
    [InlineData("image_size", "[2147483647,2147483647]", "image_size: expected 20, found [2147483647,2147483647]\n")]
    [InlineData("image_size", "16", "'vit.embeddings.position_embeddings' is [1, 10, 8], image_size of config.json, a grid of 4 x 4, says [1, 17, 8]")]
    [InlineData("image_size", "20", "'vit.embeddings.position_embeddings' is [1, 10, 8], the attributes say [1, 26, 8]")]
    [InlineData("patch_size", "6", "patch_size: expected 4, found 6\n")]
    [InlineData("hidden_size", "9", "hidden_size: expected 8, found 9\n")]
    public void What_does_not_fit_together_is_refused(string key, string json, string message)
    {
        var c = s_cases["ViT, larger"];
        using var folder = new EditedFolder(c.Spec(c.From));
        folder.Config[key] = JsonNode.Parse(json);
        folder.Save();
        var refusal = folder.Refusal(c.Spec(c.To));
        Assert.Contains(message, refusal);
        Assert.Equal(1, refusal.Split("expected ").Length - 1 + refusal.Split("' is [").Length - 1);
    }

    [Fact]
    public void A_table_that_fits_no_square_pictures_is_refused_where_the_folder_does_not_say()
    {
        var c = s_cases["DeiT, wide to high"];
        using var folder = new EditedFolder(c.Spec(c.From));
        folder.Config.Remove("image_size");
        folder.Save();
        Assert.Contains("'deit.embeddings.position_embeddings' is [1, 14, 8], the attributes say [1, 17, 8], and config.json does not say another image_size",
            folder.Refusal(c.Spec((12, 20))));
    }

    [Fact]
    public void A_native_folder_is_for_pictures_of_its_own_size()
    {
        using var folder = new EditedFolder(HostedModels.Vit);
        Assert.Contains("VisionTransformer.ImageSize: expected 12, found 8\n", folder.Refusal(HostedModels.Spec(ModelCases.Vision(("ImageSize", 12)), s_head)));
    }

    private sealed record Case(CheckpointFormat Format, string Table, (int Height, int Width) Patch, (int Height, int Width) From, (int Height, int Width) To, int Prefix, params (string, object)[] Options)
    {
        public GridSize Grid((int Height, int Width) pictures) => new(pictures.Height / Patch.Height, pictures.Width / Patch.Width);

        public ModelSpec Spec((int Height, int Width) pictures, params (string, object)[] more) => HostedModels.Spec(
            ModelCases.Attribute("VisionTransformer", [("ImageHeight", pictures.Height), ("ImageWidth", pictures.Width), ("PatchHeight", Patch.Height), ("PatchWidth", Patch.Width), ("Width", 8), ("Depth", 1), ("Heads", 2), .. Options, .. more]),
            s_head, ModelCases.Attribute("Checkpoint", ("format", Format)));

        /// <summary>The product in double with the matrix that a model has which resizes its table itself.</summary>
        public double[] Resized(float[] table, int width)
        {
            var (from, to) = (Grid(From), Grid(To));
            var (rows, columns) = (Prefix + (to.Rows * to.Columns), Prefix + (from.Rows * from.Columns));
            var matrix = new float[rows * columns];
            new Initializer.BicubicResize(from.Rows, from.Columns, to.Rows, to.Columns, Prefix) { Antialias = Format == CheckpointFormat.TimmVit }.Fill(matrix, [rows, columns], default);
            return [.. Enumerable.Range(0, rows * width).Select(i => Enumerable.Range(0, columns).Sum(c => (double)matrix[(i / width * columns) + c] * table[(c * width) + (i % width)]))];
        }
    }
}

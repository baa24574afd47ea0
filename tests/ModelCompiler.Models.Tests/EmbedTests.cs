using System.CommandLine;
using System.Text.Json;
using ModelCompiler.Cli.Commands;
using ModelCompiler.Cli.Embedding;
using ModelCompiler.Data;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>Every stored checkpoint with a tokenizer of numbers: the vectors that the reference's outputs make, or what the model is instead.</summary>
public sealed class EmbedTests : IDisposable
{
    private static readonly string s_golden = Path.Combine(Folders.Root, "tests", "Golden");

    // What an id, a mask and a vector of each token, or of each text, are called by the references.
    private static readonly string[] s_ids = ["input_ids", "idx", "text"];
    private static readonly string[] s_vectors = ["text_embeds", "text_features"];
    private static readonly string[] s_tokens = ["last_hidden_state", "hidden_after_ln_f", "encoder_last_hidden_state"];

    private readonly string _folder = Directory.CreateTempSubdirectory("embed").FullName;

    public static TheoryData<string> Texts => new(Cases(static c => ReadsTexts(c)));

    public static TheoryData<string> Others => new(Cases(static c => !ReadsTexts(c)));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Texts))]
    public void Vectors_are_those_of_the_reference(string name)
    {
        var source = Checkpoint(name);
        using var inputs = new SafetensorsFile(Path.Combine(source, "inputs.safetensors"));
        using var outputs = new SafetensorsFile(Path.Combine(source, "outputs.safetensors"));
        var ids = s_ids.First(inputs.Contains);
        var (rows, length) = (inputs[ids].Shape[0], inputs[ids].Shape[1]);
        var all = inputs.ReadIntegers(ids);
        var mask = inputs.Contains("attention_mask") ? inputs.ReadIntegers("attention_mask") : [.. Enumerable.Repeat(1L, all.Length)];

        // A text begins where its row does, and has one segment: other rows say nothing of texts.
        int[] plain = [.. Enumerable.Range(0, rows).Where(r => mask[r * length] != 0 && (!inputs.Contains("token_type_ids") || inputs.ReadIntegers("token_type_ids").AsSpan(r * length, length).IndexOfAnyExcept(0L) < 0))];
        int[][] kept = [.. plain.Select(r => Enumerable.Range(0, length).Where(t => mask[(r * length) + t] != 0).ToArray())];
        string[] texts = [.. plain.Zip(kept, (r, tokens) => string.Join(' ', tokens.Select(t => Word(all[(r * length) + t]))))];
        using var embedder = new TextEmbedder(_folder);
        float[][] found = texts.Length == 0 ? embedder.Embed(["3 4 5"]) : embedder.Embed(texts);
        Assert.All(found, static v => Assert.All(v, static x => Assert.True(float.IsFinite(x))));
        if (texts.Length == 0)
            return;
        if (s_vectors.FirstOrDefault(outputs.Contains) is { } vectors)
        {
            var width = outputs[vectors].Shape[^1];
            Same(plain.Select(r => Unit(outputs.ReadDoubles(vectors).AsSpan(r * width, width))), found);
        }
        else if (s_tokens.FirstOrDefault(outputs.Contains) is { } tokens)
        {
            var width = outputs[tokens].Shape[^1];
            Same(plain.Zip(kept, (r, real) => Enumerable.Range(0, width).Select(c => real.Average(t => outputs.ReadDoubles(tokens)[(((r * length) + t) * width) + c])).ToArray()), found);
        }
    }

    [Theory, MemberData(nameof(Others))]
    public void What_has_no_vectors_of_texts_is_said_to_be_what_it_is(string name)
    {
        Checkpoint(name);
        using var error = new StringWriter();
        Assert.Equal(1, Modelc.Create().Parse(["embed", _folder]).Invoke(new InvocationConfiguration { Output = TextWriter.Null, Error = error }));
        Assert.Matches(@"holds a model with \[(VisionTransformer|EncoderDecoder|QFormer|Blip2|Blip2Pretraining)\] \(\w+\), (which reads pictures alone|which reads vectors of pictures alone|in which texts are read together with a picture)", error.ToString());
        Assert.Contains("modelc scaffold writes the class", error.ToString());
        Assert.DoesNotContain("Embedder", error.ToString());
    }

    // Its vectors depend on how many tokens of padding are read.
    [Fact]
    public void A_model_that_reads_padding_gets_as_much_as_it_was_trained_with()
    {
        Checkpoint("siglip/model");
        string[] texts = ["3 4 5", "7 8 9 10 11 12 13 14"];
        using (var embedder = new TextEmbedder(_folder))
            Assert.All(embedder.Embed([texts[0]])[0].Zip(embedder.Embed(texts)[0]), static pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        var file = Path.Combine(_folder, "tokenizer.json");
        new Tokenizer(Tokenizer.Load(file).Model, []) { PreTokenizer = new WhitespaceSplit() }.Save(_folder);
        File.Delete(Path.Combine(_folder, "tokenizer_config.json"));
        Assert.Contains("the model reads padding too, and its tokenizer names no padding token", Assert.Throws<Cli.Hosting.HostException>(() => new TextEmbedder(_folder)).Message);
    }

    [Fact]
    public void Two_towers_of_text_are_not_chosen_between()
    {
        var spec = Cli.Scaffolding.CheckpointFolder.Scaffold(Path.Combine(s_golden, "chinese_clip", "model"), "Both").Spec!;
        var (clip, text) = (spec.Attributes[0], spec.Attributes[0].TypeArguments[1]);
        spec = spec with { Attributes = new([clip with { Name = "DualEncoder", TypeArguments = new([text, text]) }]) };
        Assert.Contains("whose towers both read texts", Assert.Throws<Cli.Hosting.HostException>(() => TextReading.Of("folder", spec, hasPooling: false)).Message);
    }

    // What a class of our own pools is its vector, but not where that is made for a head.
    [Theory]
    [InlineData("Pooling.Cls", "")]
    [InlineData("Pooling.Last", "")]
    [InlineData("Pooling.None", "[CausalLanguageModel]")]
    [InlineData("Pooling.Cls", "[Classification(Classes = 3)]")]
    public void Models_of_our_own_give_what_they_pool_or_the_mean(string pooling, string objective)
    {
        var kind = objective.Length > 0 && pooling == "Pooling.None" ? "TransformerDecoder" : "TransformerEncoder";
        var source = Path.Combine(_folder, "Own.cs");
        File.WriteAllText(source, $"using ModelCompiler;\n[{kind}(Vocabulary = 20, Context = 8, Width = 16, Depth = 1, Heads = 2, Pooling = {pooling})]\n{objective}\npublic partial class Own;");
        var hosted = Cli.Hosting.HostedModel.Compile(Cli.Hosting.ModelSource.Find(source, null));
        using var model = hosted.Create(seed: 1);
        model.Core.Save(_folder);
        new Tokenizer(new WordLevelModel(new Vocabulary(Enumerable.Range(0, 20).Select(static i => Word(i)))) { UnknownToken = "2" }, [new AddedToken("[PAD]")]) { PreTokenizer = new WhitespaceSplit() }.Save(_folder);
        var tokens = hosted.Tokens("Tokens", 1, 3);
        int[] ids = [3, 4, 5];
        ids.CopyTo(tokens.Ids, 0);
        hosted.SetInputs(model, tokens);
        model.Core.Forward(1, 3);
        var hidden = model.Core.Output("hidden");
        double[] expected = objective.Length == 0 ? Array.ConvertAll(model.Core.Output("pooled"), static v => (double)v) : [.. Enumerable.Range(0, 16).Select(c => Enumerable.Range(0, 3).Average(t => (double)hidden[(t * 16) + c]))];
        using var embedder = new TextEmbedder(_folder);
        Same([expected], embedder.Embed(["3 4 5"]));
    }

    [Fact]
    public void Pooling_beside_a_model_of_several_towers_is_refused()
    {
        Checkpoint("bart/seq2seq");
        Directory.CreateDirectory(Path.Combine(_folder, "1_Pooling"));
        File.WriteAllText(Path.Combine(_folder, "1_Pooling", "config.json"), """{"pooling_mode_mean_tokens": true}""");
        Assert.Contains("pooling beside a model with [EncoderDecoder]", Assert.Throws<Cli.Hosting.HostException>(() => new TextEmbedder(_folder)).Message);
    }

    // As open_clip publishes a model: other names, and what describes it in an object of its own.
    [Fact]
    public void Open_clips_own_files_are_read()
    {
        Checkpoint("open_clip/clip-quickgelu");
        float[][] expected;
        using (var embedder = new TextEmbedder(_folder))
            expected = embedder.Embed(["3 4 5", "6"]);
        var config = Path.Combine(_folder, "config.json");
        File.WriteAllText(Path.Combine(_folder, "open_clip_config.json"), $$"""{ "model_cfg": {{File.ReadAllText(config)}}, "preprocess_cfg": { "size": 16 } }""");
        File.Delete(config);
        File.Move(Path.Combine(_folder, "model.safetensors"), Path.Combine(_folder, "open_clip_model.safetensors"));
        using (var embedder = new TextEmbedder(_folder))
            Assert.Equal(expected, embedder.Embed(["3 4 5", "6"]));
        File.WriteAllText(Path.Combine(_folder, "open_clip_config.json"), "{}");
        Assert.Contains("open_clip_config.json has no object 'model_cfg'", Assert.Throws<CheckpointException>(() => new TextEmbedder(_folder)).Message);
    }

    // A key that its class does not have would stop its reader; what is read first is not left there old.
    [Fact]
    public void What_is_saved_is_open_clips_own_files_unless_others_are_there()
    {
        Checkpoint("open_clip/clip-quickgelu");
        float[][] expected;
        using (var embedder = new TextEmbedder(_folder))
            expected = embedder.Embed(["3 4 5", "6"]);
        var hosted = Cli.Hosting.HostedModel.Compile(Cli.Scaffolding.CheckpointFolder.Scaffold(_folder, "Saved.Model").Spec!);
        using (var model = hosted.Load(_folder, out _))
        {
            model.Core.Save(_folder);
            Assert.False(File.Exists(Path.Combine(_folder, "open_clip_config.json")));
            File.Delete(Path.Combine(_folder, "config.json"));
            File.Delete(Path.Combine(_folder, "model.safetensors"));
            model.Core.Save(_folder);
        }

        Assert.False(File.Exists(Path.Combine(_folder, "config.json")) || File.Exists(Path.Combine(_folder, "model.safetensors")));
        var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "open_clip_config.json"))).RootElement;
        Assert.Equal(["model_cfg", "preprocess_cfg"], json.EnumerateObject().Select(static p => p.Name));
        Assert.False(json.GetProperty("model_cfg").TryGetProperty("architecture", out _));
        Assert.Equal(32, json.GetProperty("model_cfg").GetProperty("vision_cfg").GetProperty("width").GetInt32());
        using (var embedder = new TextEmbedder(_folder))
            Assert.Equal(expected, embedder.Embed(["3 4 5", "6"]));
    }

    [Fact]
    public void What_a_tower_behind_a_picture_cannot_be_is_said_by_its_key()
    {
        Checkpoint("blip2/opt_frozen");
        var config = Path.Combine(_folder, "config.json");
        File.WriteAllText(config, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(config), "\"word_embed_proj_dim\": \\d+", "\"word_embed_proj_dim\": 16"));
        Assert.Contains("text_config.word_embed_proj_dim = 16 (supported: the value of hidden_size: narrower rows are filled by the reference with what comes next of all samples' queries, so that it mixes pictures)", Assert.Throws<Cli.Hosting.HostException>(() => new TextEmbedder(_folder)).Message);
    }

    private static IEnumerable<string> Cases(Func<string, bool> isOf) => Directory.EnumerateFiles(s_golden, "model.safetensors", SearchOption.AllDirectories).Select(static f => Path.GetDirectoryName(f)!)
        .Where(static f => File.Exists(Path.Combine(f, "config.json")) && File.Exists(Path.Combine(f, "inputs.safetensors")) && !StoredLosses.Is(f)).Where(isOf).Select(static f => Path.GetRelativePath(s_golden, f).Replace('\\', '/')).Order(StringComparer.Ordinal);

    // Ids without pictures, or of two towers that meet.
    private static bool ReadsTexts(string folder)
    {
        using var inputs = new SafetensorsFile(Path.Combine(folder, "inputs.safetensors"));
        using var outputs = new SafetensorsFile(Path.Combine(folder, "outputs.safetensors"));
        return s_ids.Any(inputs.Contains) && !outputs.Contains("itm_logits") && (s_vectors.Any(outputs.Contains) || (!inputs.Contains("pixel_values") && !inputs.Contains("image")));
    }

    private static void Same(IEnumerable<double[]> expected, float[][] found)
    {
        var rows = expected.ToArray();
        Assert.Equal(rows.Length, found.Length);
        foreach (var (a, b) in rows.Zip(found))
        {
            Assert.Equal(a.Length, b.Length);
            Assert.All(a.Zip(b), static pair => Assert.Equal(pair.First, pair.Second, 2e-5));
        }
    }

    private static double[] Unit(ReadOnlySpan<double> row)
    {
        var values = row.ToArray();
        var norm = Math.Sqrt(values.Sum(static v => v * v));
        return Array.ConvertAll(values, v => v / norm);
    }

    private static string Word(long id) => id == 0 ? "[PAD]" : $"{id}";

    // A word a row of the table that the model has.
    private string Checkpoint(string name)
    {
        var source = Path.Combine(s_golden, name);
        foreach (var file in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(source, file), Path.Combine(_folder, file));
        var rows = Rows(JsonDocument.Parse(File.ReadAllBytes(Path.Combine(source, "config.json"))).RootElement) ?? 10;
        new Tokenizer(new WordLevelModel(new Vocabulary(Enumerable.Range(0, rows).Select(static i => Word(i)))) { UnknownToken = "2" }, [new AddedToken("[PAD]")]) { PreTokenizer = new WhitespaceSplit() }.Save(_folder);
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), """{"pad_token": "[PAD]"}""");
        return source;
    }

    private static int? Rows(JsonElement json) => json.ValueKind != JsonValueKind.Object ? null
        : json.TryGetProperty("vocab_size", out var size) && size.ValueKind == JsonValueKind.Number ? size.GetInt32()
        : json.EnumerateObject().Select(static p => Rows(p.Value)).FirstOrDefault(static r => r is not null);
}

using ModelCompiler.Data;
using ModelCompiler.Examples;
using ModelCompiler.Models.Small;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>The tokenizer that the captions' tower names: what the example trains, beside the program, with the vocabulary that the model has.</summary>
public sealed class CaptionTokenizerTests
{
    [Fact]
    public void The_file_is_what_the_example_trains()
    {
        var folder = Directory.CreateTempSubdirectory("captions").FullName;
        try
        {
            VocabularyExample.Run(folder);
            var kept = Path.Combine(Folders.Root, "models", "ModelCompiler.Models", "Small", "captions", "tokenizer.json");
            Assert.Equal(File.ReadAllText(Path.Combine(folder, "tokenizer.json")).ReplaceLineEndings(), File.ReadAllText(kept).ReplaceLineEndings());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_model_has_its_vocabulary_and_finds_its_file()
    {
        var captions = TextTokenizer.Load<ShapesClip.Tokens>();
        Assert.Equal(ShapesClip.Tokens.VocabularySize, captions.Tokenizer.Vocabulary.Size);
        var batch = captions.Batch(["a small red circle", "a large blue triangle at the top left"]);
        Assert.Equal((2, 10), (batch.Count, batch.Length));
        Assert.Equal([3, 0], batch.Ids[5..7]);
        using var model = new ShapesClip(seed: 1);
        Assert.Equal(2, model.EncodeTexts(batch).Count);
    }

    [Fact]
    public void Every_caption_of_one_thing_fits_with_its_special_tokens()
    {
        var (tokenizer, world) = (TextTokenizer.Load<ShapesClip.Tokens>().Tokenizer, new ShapesWorld(objects: 1));
        Assert.All(Enumerable.Range(0, 2_000), i => Assert.InRange(tokenizer.CountTokens(world.Draw(Split.HeldOut, i).Caption), 4, ShapesClip.Tokens.MaxLength));
        Assert.DoesNotContain("[UNK]", tokenizer.Encode(string.Join(' ', ShapesWorld.Vocabulary)).Tokens);
    }
}

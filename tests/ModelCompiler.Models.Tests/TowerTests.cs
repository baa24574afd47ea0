using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;

namespace ModelCompiler.Models.Tests;

/// <summary>Towers are models of their own: weights go from them into a composition and back, through folders too.</summary>
public sealed class TowerTests
{
    [Fact]
    public void A_composition_of_copied_towers_gives_the_same_bits()
    {
        using var trained = new ShapesClip(Device.Cpu, seed: 1);
        var folder = Directory.CreateTempSubdirectory();
        using (var pictures = new ShapesPictures(Device.Cpu, seed: 2))
        {
            trained.Image.CopyTo(pictures);
            pictures.Save(folder.FullName);
        }

        using var loaded = new ShapesPictures(Device.Cpu, seed: 3);
        loaded.LoadPretrained(folder.FullName);
        folder.Delete(recursive: true);
        using var again = new ShapesClip(Device.Cpu, seed: 4);
        var words = again.Text.Blocks[0].Attention.Query.Weight.ToArray();
        again.Image.CopyFrom(loaded);
        again.ImageProjection.Weight.Set(trained.ImageProjection.Weight.ToArray());

        var batch = new ShapesClip.Pictures(2);
        Array.Fill(batch.Values, 0.25f);
        Assert.Equal(trained.EncodeImages(batch).Values.ToArray(), again.EncodeImages(batch).Values.ToArray());
        Assert.Equal(words, again.Text.Blocks[0].Attention.Query.Weight.ToArray());
    }

    [Fact]
    public void Another_tower_is_named_with_what_differs()
    {
        using var model = new ShapesClip(Device.Cpu, seed: 1);
        using var captions = new ShapesCaptions(Device.Cpu, seed: 2);
        var before = model.Image.Blocks[0].Attention.Query.Weight.ToArray();
        var error = Assert.Throws<ArgumentException>(() => model.Image.CopyFrom(captions));
        Assert.Contains("'ShapesCaptions' is another tower than 'image' of 'ShapesClip'", error.Message);
        Assert.Contains("it lacks image.embeddings.class_token [1, 64]", error.Message);
        Assert.Equal(before, model.Image.Blocks[0].Attention.Query.Weight.ToArray());

        using var other = new ShapesVit(Device.Cpu, seed: 3);
        using var wide = new Presets.VitTiny(Device.Cpu, seed: 3);
        model.Image.CopyFrom(other); // The same sizes, and a head that the tower has no place for.
        Assert.Equal(other.Blocks[0].Attention.Query.Weight.ToArray(), model.Image.Blocks[0].Attention.Query.Weight.ToArray());
        Assert.Contains("it has embeddings.class_token [1, 192], and the composition image.embeddings.class_token [1, 64]", Assert.Throws<ArgumentException>(() => model.Image.CopyTo(wide)).Message);
    }
}

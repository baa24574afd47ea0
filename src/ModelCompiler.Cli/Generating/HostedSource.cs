using ModelCompiler.Data;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Cli.Generating;

/// <summary>What a hosted model of several towers speaks of: one text, or one picture.</summary>
internal static class HostedSource
{
    /// <summary>A text for the tower whose inputs begin with a name.</summary>
    public static GenerationSource Text(ModelCore core, string tower, int[] ids)
    {
        var table = core.Parameters.TryGetValue(tower + "embeddings.position.weight", out var positions) ? positions.Shape[0] : core.Description.MaxLength;
        var offset = table - core.Description.MaxLength; // a text without padding is numbered without gaps
        return new GenerationSource(1, ids.Length, () =>
        {
            foreach (var input in core.Description.Inputs.Where(static i => i.IsOf(Pass.Prime)))
            {
                core.SetInput(input.Name, input.Name[tower.Length..] switch
                {
                    "ids" => ids,
                    "mask" => [.. Enumerable.Repeat(1, ids.Length)],
                    "positions" => [.. Enumerable.Range(offset, ids.Length)],
                    "segments" => new int[ids.Length],
                    _ => throw new InvalidOperationException($"{core.Description.Name} has the input '{input.Name}', which no text gives."),
                });
            }
        });
    }

    /// <summary>A picture, as the folder's own preprocessor makes it.</summary>
    /// <exception cref="ArgumentException">It makes pictures of another size than the model takes.</exception>
    public static GenerationSource Picture(ModelCore core, PicturePreprocessor preprocessor, string path)
    {
        var input = core.Description.Inputs.First(static i => i.Name.EndsWith(".pictures", StringComparison.Ordinal));
        var pixels = preprocessor.Fill(new Pixels(preprocessor), [path]);
        return pixels.Values.Length == input.Count(1, 1) ? new GenerationSource(1, 1, () => core.SetInput(input.Name, pixels.Values))
            : throw new ArgumentException($"The folder's preprocessor makes pictures of {pixels.Channels} x {pixels.Height} x {pixels.Width}, and the model takes {input.Count(1, 1)} numbers.", nameof(preprocessor));
    }

    private sealed class Pixels(PicturePreprocessor preprocessor) : PictureBatch(1, 3, preprocessor.Height, preprocessor.Width);
}

using ModelCompiler.Data;

namespace ModelCompiler.Benchmarks.Training;

/// <summary>Batches of handwritten digits, moved about by a few pixels or as they are.</summary>
internal sealed class Digits(MnistDataSet data)
{
    public const int Classes = 10;

    private const uint Domain = 0x53484654;

    public int Count => data.Count;

    /// <summary>Writes a batch, each picture moved by up to <paramref name="shift"/> pixels down and across, drawn from (seed, number of the picture since the start).</summary>
    public void Copy(ReadOnlySpan<long> indices, DigitVit.Batch batch, int shift, ulong seed, ulong first)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            var random = new RandomStream(seed, Domain, first + (ulong)i);
            Move(data.Image(indices[i]), random.Between(-shift, shift), random.Between(-shift, shift), batch.Inputs[i]);
            batch.Labels[i] = data.Label(indices[i]);
        }
    }

    // What moves in from outside is background.
    private void Move(ReadOnlySpan<byte> image, int down, int across, Span<float> pixels)
    {
        for (var y = 0; y < data.Height; y++)
        {
            for (var x = 0; x < data.Width; x++)
            {
                var (row, column) = (y - down, x - across);
                var isInside = (uint)row < (uint)data.Height && (uint)column < (uint)data.Width;
                var value = isInside ? image[(row * data.Width) + column] : (byte)0;
                pixels[(y * data.Width) + x] = ((value / 255f) - data.Mean) / data.Deviation;
            }
        }
    }
}

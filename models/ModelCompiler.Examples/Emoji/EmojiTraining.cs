using System.Numerics.Tensors;
using ModelCompiler.Data;
using ModelCompiler.Runtime;

namespace ModelCompiler.Examples.Emoji;

/// <summary>How a model of emoji and their names learns and is tested: all but what its types say.</summary>
/// <param name="size">Pixels of the model's pictures.</param>
/// <param name="width">Channels of its joint space.</param>
/// <param name="batchSize">Pictures a step.</param>
/// <param name="seed">Of orders and of changes of pictures.</param>
internal abstract class EmojiTraining<TBatch>(EmojiSet set, int size, int width, int batchSize, ulong seed)
    where TBatch : class
{
    private readonly DrawingWriter _writer = new(size, seed);

    protected EmojiSet Set => set;

    /// <summary>Pixels of the model's pictures.</summary>
    public int Size => size;

    /// <summary>Channels of its joint space.</summary>
    public int Width => width;

    /// <summary>Drawings of known emoji, each with a caption.</summary>
    public DataBatches<Drawing, TBatch> Pairs(IReadOnlyList<Drawing> drawings) =>
        Records.Of(drawings.Count, i => drawings[(int)i]).ToBatches(new DataOptions { Batch = batchSize, Seed = seed }, NewBatch, (drawing, batch, row) =>
        {
            _writer.Write(drawing, row, PicturesOf(batch)[row.Index]);
            WriteCaption(batch, row, drawing.Number);
        });

    /// <summary>Unit vectors of drawings: the direction of the sum over <see cref="Looks"/>.</summary>
    public float[] Encode(IEnumerable<Drawing> drawings) => [.. drawings.Chunk(batchSize).SelectMany(Encode)];

    /// <summary>Drawings as the model sees them, [count, 3, size, size].</summary>
    public float[] Pixels(IReadOnlyList<Drawing> drawings)
    {
        var each = 3 * size * size;
        var pixels = new float[drawings.Count * each];
        for (var i = 0; i < drawings.Count; i++)
        {
            _writer.Write(drawings[i], pixels.AsSpan(i * each, each));
        }

        return pixels;
    }

    /// <summary>Unit vectors of the names of all emoji.</summary>
    public abstract float[] EncodeNames();

    /// <summary>Ranks of all pictures of a drawer.</summary>
    public EmojiRanks Test(string drawer)
    {
        var drawings = set.Read(drawer);
        return EmojiRanks.Of(set, drawings, Encode(drawings), EncodeNames(), width, set.Alike(drawer));
    }

    /// <summary>How far each drawing is moved to be looked at, in pixels; once as it is, unless a model is told otherwise.</summary>
    protected virtual IReadOnlyList<(int Right, int Down)> Looks { get; } = [(0, 0)];

    protected abstract TBatch NewBatch(int rows);

    protected abstract PictureBatch PicturesOf(TBatch batch);

    protected abstract float[] EncodePictures(PictureBatch pictures);

    /// <summary>Writes one of an emoji's captions, and which emoji it is: all of its captions are right for all of its pictures.</summary>
    protected abstract void WriteCaption(TBatch batch, DataRow row, int number);

    private float[] Encode(Drawing[] drawings)
    {
        var sum = new float[drawings.Length * width];
        foreach (var move in Looks)
        {
            TensorPrimitives.Add(sum, EncodePictures(PicturesOf(Write(drawings, move))), sum);
        }

        for (var i = 0; i < drawings.Length; i++)
        {
            var vector = sum.AsSpan(i * width, width);
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        }

        return sum;
    }

    private TBatch Write(Drawing[] drawings, (int Right, int Down) move)
    {
        var batch = NewBatch(drawings.Length);
        for (var i = 0; i < drawings.Length; i++)
        {
            _writer.Write(drawings[i], move, PicturesOf(batch)[i]);
        }

        return batch;
    }
}

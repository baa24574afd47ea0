using ModelCompiler.Data;
using ModelCompiler.Models.Small;

namespace ModelCompiler.Benchmarks.Training;

/// <summary>Pictures of 64 pixels as the picture half of a small CLIP takes them.</summary>
[VisionTransformer(ImageSize = 64, PatchSize = 8, Width = 192, Depth = 6, Heads = 3)]
[Classification(Classes = 100)]
[AdamW(LearningRate = 5e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class EmojiVit;

/// <summary>Pictures and their captions, as a model of both takes them.</summary>
internal sealed class PairBatch(int count)
{
    public EmojiVit.Batch Pictures { get; } = new(new EmojiVit.Pictures(count));

    public TextBert.Tokens Texts { get; } = new(count, 32);

    /// <summary>Pairs of WebDataset shards, each picture with one of its captions.</summary>
    public static DataBatches<CaptionedPicture, PairBatch> Of(ShardSet shards, Tokenizer tokenizer, DataOptions options)
    {
        var preprocessor = PicturePreprocessor.Clip(EmojiVit.Pictures.PictureWidth);
        return shards.Select(static record => record.ToCaptionedPicture()).ToBatches(options, static count => new PairBatch(count), (pair, batch, row) =>
        {
            preprocessor.Write(pair.Bytes.Span, pair.Name, batch.Pictures.Inputs[row.Index]);
            tokenizer.FillRow(batch.Texts, row.Index, pair.Caption(row));
            batch.Pictures.Labels[row.Index] = (int)(row.Record % 100);
        });
    }
}

using ModelCompiler.Data;

namespace ModelCompiler.Benchmarks.Training;

/// <summary>The picture half of <see cref="EmojiClip"/>.</summary>
[VisionTransformer(ImageSize = 64, PatchSize = 8, Width = 192, Depth = 6, Heads = 3)]
public partial class EmojiPictures;

/// <summary>The text half of <see cref="EmojiClip"/>: pieces of words as <see cref="TokenizerTraining.WordPiece"/> numbers them, 0 pads and 3 ends.</summary>
[TransformerDecoder(Vocabulary = 2_000, Context = 32, Width = 192, Depth = 4, Heads = 3, PaddingToken = 0, Pooling = Pooling.End, EndToken = 3)]
public partial class EmojiCaptions;

/// <summary>A small CLIP of pictures of 64 pixels.</summary>
[Clip<EmojiPictures, EmojiCaptions>(Embedding = 128)]
[Contrastive]
[AdamW(LearningRate = 5e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class EmojiClip
{
    /// <summary>Batches of WebDataset shards, each picture with one of its captions.</summary>
    internal static DataBatches<CaptionedPicture, Batch> Read(ShardSet shards, Tokenizer tokenizer, DataOptions options)
    {
        var preprocessor = PicturePreprocessor.Clip(Pictures.PictureWidth);
        return shards.Select(static record => record.ToCaptionedPicture()).ToBatches(
            options, static rows => new Batch(new Pictures(rows), new Tokens(rows, Tokens.MaxLength)), (pair, batch, row) =>
            {
                preprocessor.Write(pair.Bytes.Span, pair.Name, batch.Inputs.Image[row.Index]);
                tokenizer.FillRow(batch.Inputs.Text, row.Index, pair.Caption(row), truncate: true);
            });
    }
}

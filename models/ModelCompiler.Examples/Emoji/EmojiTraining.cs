using ModelCompiler.Data;
using ModelCompiler.Models.Small;

namespace ModelCompiler.Examples.Emoji;

/// <summary>How <see cref="EmojiTowers"/> learns and is tested.</summary>
internal sealed class EmojiTraining
{
    /// <summary>As many as the model's schedule has.</summary>
    public const int Steps = 6_000;

    public const int BatchSize = 256;

    private readonly EmojiSet _set;
    private readonly Tokenizer _tokenizer;
    private readonly DrawingWriter _writer;
    private readonly ulong _seed;

    /// <param name="seed">Of orders and changes of pictures.</param>
    public EmojiTraining(EmojiSet set, ulong seed)
    {
        (_set, _seed, _writer) = (set, seed, new DrawingWriter(EmojiTowers.Pictures.PictureWidth, seed));
        var captions = set.Captions.Where((_, number) => !set.Unseen[number]).SelectMany(static c => c);
        _tokenizer = TokenizerTraining.WordPiece(captions, new VocabularyTraining { Size = EmojiTowers.Tokens.VocabularySize });
    }

    /// <summary>Drawings of known emoji, each with its name.</summary>
    public DataBatches<Drawing, EmojiTowers.Batch> Pairs(IReadOnlyList<Drawing> drawings) =>
        Records.Of(drawings.Count, i => drawings[(int)i]).ToBatches(
            new DataOptions { Batch = BatchSize, Seed = _seed },
            static rows => new EmojiTowers.Batch(new EmojiTowers.Pictures(rows), new EmojiTowers.Tokens(rows, EmojiTowers.Tokens.MaxLength)),
            (drawing, batch, row) =>
            {
                _writer.Write(drawing, row, batch.Inputs.Image[row.Index]);
                _tokenizer.FillRow(batch.Inputs.Text, row.Index, _set.Captions[drawing.Number][0]);
                batch.Ids[row.Index] = drawing.Number;
            });

    /// <summary>Unit vectors of drawings.</summary>
    public float[] Encode(EmojiTowers model, IEnumerable<Drawing> drawings) => [.. drawings.Chunk(BatchSize).SelectMany(chunk =>
    {
        var pictures = new EmojiTowers.Pictures(chunk.Length);
        for (var i = 0; i < chunk.Length; i++)
        {
            _writer.Write(chunk[i], pictures[i]);
        }

        return model.EncodeImages(pictures).Values;
    })];

    /// <summary>Unit vectors of texts.</summary>
    public float[] Encode(EmojiTowers model, IEnumerable<string> texts) =>
        [.. texts.Chunk(BatchSize).SelectMany(chunk => model.EncodeTexts(_tokenizer.Fill(new EmojiTowers.Tokens(chunk.Length, EmojiTowers.Tokens.MaxLength), chunk)).Values)];

    /// <summary>Ranks of all pictures of a drawer.</summary>
    public EmojiRanks Test(EmojiTowers model, string drawer)
    {
        var drawings = _set.Read(drawer);
        return EmojiRanks.Of(_set, drawings, Encode(model, drawings), Encode(model, _set.Names), EmojiTowers.Embeddings.Width, _set.Alike(drawer));
    }
}

using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;

namespace ModelCompiler.Examples.Emoji;

/// <summary>How <see cref="EmojiTowers"/> learns: pictures and names, whose pieces are learnt from the captions of the training set.</summary>
internal sealed class TowersTraining : EmojiTraining<EmojiTowers.Batch>
{
    /// <summary>As many as the model's schedule has.</summary>
    public const int Steps = 2_500;

    public const int BatchSize = 256;

    private readonly EmojiTowers _model;
    private readonly Tokenizer _tokenizer;

    public TowersTraining(EmojiTowers model, EmojiSet set, ulong seed)
        : base(set, EmojiTowers.Pictures.PictureWidth, EmojiTowers.Embeddings.Width, BatchSize, seed)
    {
        var captions = set.Captions.Where((_, number) => !set.Unseen[number]).SelectMany(static c => c);
        (_model, _tokenizer) = (model, TokenizerTraining.WordPiece(captions, new VocabularyTraining { Size = EmojiTowers.Tokens.VocabularySize }));
    }

    /// <inheritdoc/>
    public override float[] EncodeNames() =>
        [.. Set.Names.Chunk(BatchSize).SelectMany(chunk => _model.EncodeTexts(_tokenizer.Fill(new EmojiTowers.Tokens(chunk.Length, EmojiTowers.Tokens.MaxLength), chunk, truncate: true)).Values)];

    protected override EmojiTowers.Batch NewBatch(int rows) => new(new EmojiTowers.Pictures(rows), new EmojiTowers.Tokens(rows, EmojiTowers.Tokens.MaxLength));

    protected override PictureBatch PicturesOf(EmojiTowers.Batch batch) => batch.Inputs.Image;

    protected override float[] EncodePictures(PictureBatch pictures) => _model.EncodeImages((EmojiTowers.Pictures)pictures).Values;

    protected override void WriteCaption(EmojiTowers.Batch batch, DataRow row, int number)
    {
        _tokenizer.FillRow(batch.Inputs.Text, row.Index, Set.Names[number], truncate: true);
        batch.Ids[row.Index] = number;
    }
}

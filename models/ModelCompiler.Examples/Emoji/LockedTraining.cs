using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;

namespace ModelCompiler.Examples.Emoji;

/// <summary>How <see cref="EmojiLocked"/> learns: pictures and rows of its table, which are captions as a published encoder reads them.</summary>
internal sealed class LockedTraining : EmojiTraining<EmojiLocked.Batch>
{
    /// <summary>As many as the model's schedule has.</summary>
    public const int Steps = 6_200;

    public const int BatchSize = 128;

    private const int CaptionsOfEach = 3;
    private const uint Domain = 0x454D4F4A;

    private readonly EmojiLocked _model;
    private readonly float[] _vectors;

    /// <param name="model">Its table is filled.</param>
    /// <param name="encoder">The folder of all-MiniLM-L6-v2.</param>
    public LockedTraining(EmojiLocked model, EmojiSet set, string encoder, ulong seed)
        : base(set, EmojiLocked.Pictures.PictureWidth, EmojiLocked.Embeddings.Width, BatchSize, seed)
    {
        (_model, _vectors) = (model, SentenceVectors.Of(encoder, set.Captions.SelectMany(static c => c)));
        model.Text.Embeddings.Token.Weight.Set(_vectors);
    }

    /// <inheritdoc/>
    public override float[] EncodeNames()
    {
        var names = new EmojiLocked.Tokens(Set.Captions.Count, 1);
        for (var number = 0; number < names.Count; number++)
        {
            (names.Ids[number], names.Mask[number]) = (number * CaptionsOfEach, 1);
        }

        return _model.EncodeTexts(names).Values;
    }

    // Patches are eight pixels wide: what falls into which is another thing a quarter of one further on.
    protected override IReadOnlyList<(int Right, int Down)> Looks { get; } = [(0, 0), (2, 0), (-2, 0), (0, 2), (0, -2)];

    protected override EmojiLocked.Batch NewBatch(int rows) => new(new EmojiLocked.Pictures(rows), new EmojiLocked.Tokens(rows, 1));

    protected override PictureBatch PicturesOf(EmojiLocked.Batch batch) => batch.Inputs.Image;

    protected override float[] EncodePictures(PictureBatch pictures) => _model.EncodeImages((EmojiLocked.Pictures)pictures).Values;

    // The name as often as both other captions together: it is what tests ask for.
    protected override void WriteCaption(EmojiLocked.Batch batch, DataRow row, int number)
    {
        var name = number * CaptionsOfEach;
        var caption = name + Math.Max(0, (int)row.Random(Domain).Below(2 * (CaptionsOfEach - 1)) - CaptionsOfEach + 2);
        (batch.Inputs.Text.Ids[row.Index], batch.Inputs.Text.Mask[row.Index]) = (caption, 1);
        Vector(_vectors, caption).CopyTo(Vector(batch.TextTeacher, row.Index));
        Vector(_vectors, name).CopyTo(Vector(batch.ImageTeacher, row.Index));
        batch.Ids[row.Index] = number;
    }

    private static Span<float> Vector(float[] vectors, int row) => vectors.AsSpan(row * SentenceVectors.Width, SentenceVectors.Width);
}

using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;

namespace ModelCompiler.Examples.Emoji;

/// <summary>How <see cref="EmojiLocked"/> learns: pictures and rows of its table, which are captions as a published encoder reads them.</summary>
internal sealed class LockedTraining : EmojiTraining<EmojiLocked.Batch>
{
    private const int CaptionsOfEach = 3;
    private const uint Domain = 0x454D4F4A;

    private readonly EmojiLocked _model;

    /// <param name="model">Its table is filled.</param>
    /// <param name="encoder">The folder of all-MiniLM-L6-v2.</param>
    public LockedTraining(EmojiLocked model, EmojiSet set, string encoder, ulong seed)
        : base(set, EmojiLocked.Pictures.PictureWidth, EmojiLocked.Embeddings.Width, seed)
    {
        _model = model;
        model.Text.Embeddings.Token.Weight.Set(SentenceVectors.Of(encoder, set.Captions.SelectMany(static c => c)));
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

    protected override EmojiLocked.Batch NewBatch(int rows) => new(new EmojiLocked.Pictures(rows), new EmojiLocked.Tokens(rows, 1));

    protected override PictureBatch PicturesOf(EmojiLocked.Batch batch) => batch.Inputs.Image;

    protected override float[] EncodePictures(PictureBatch pictures) => _model.EncodeImages((EmojiLocked.Pictures)pictures).Values;

    // The name as often as both other captions together: it is what tests ask for.
    protected override void WriteCaption(EmojiLocked.Batch batch, DataRow row, int number)
    {
        var drawn = (int)row.Random(Domain).Below(2 * (CaptionsOfEach - 1));
        (batch.Inputs.Text.Ids[row.Index], batch.Inputs.Text.Mask[row.Index]) = ((number * CaptionsOfEach) + Math.Max(0, drawn - CaptionsOfEach + 2), 1);
        batch.Ids[row.Index] = number;
    }
}

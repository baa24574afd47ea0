using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Examples.Captions;

/// <summary>
/// Pictures of one thing each and the whole sentence about it, such as "a large red star at the top left". Training never sees every eighth of the <see cref="Compositions"/>, which
/// tests are made of. Of a scene's two captions the longer one is taken, because which one was drawn cannot be seen in a picture.
/// </summary>
internal sealed class CaptionedShapes
{
    public const int BatchSize = 64;

    // The longest sentence: eight words between the tokens that begin and end it.
    public const int Length = 10;

    // Place of the colour in a row that begins with the start token: "a large red star".
    private const int ColourAt = 3;

    private const uint Domain = 0x4E4F4953;

    private readonly ShapesWorld _world = new(ShapesCaptioner.EncoderPictures.PictureWidth, seed: 0, objects: 1);
    private readonly Tokenizer _tokenizer = TextTokenizer.Load<ShapesCaptioner.DecoderTokens>().Tokenizer;
    private readonly int _start, _end;
    private readonly int[] _words;

    public CaptionedShapes() => (_start, _end, _words) = (_tokenizer.Vocabulary["[CLS]"], _tokenizer.Vocabulary["[SEP]"], [.. ShapesWorld.Vocabulary.Select(w => _tokenizer.Vocabulary[w])]);

    /// <summary>How sentences are said: one word after the other, the most probable, up to the end token.</summary>
    public GenerationOptions Greedy => new() { StartToken = _start, StopTokens = [_end], MaxNewTokens = ShapesCaptioner.DecoderTokens.MaxLength - 1 };

    /// <summary>Scene <paramref name="place"/> of a part of the world.</summary>
    /// <param name="unseen">Its composition is one that training never sees.</param>
    public Scene Scene(Split split, long place, bool unseen) => Compositions.Draw(_world, split, place, unseen, isWhole: true);

    /// <summary>Scenes to train on.</summary>
    public Scene[] Training(long batch) => [.. Enumerable.Range(0, BatchSize).Select(i => Scene(Split.Train, (batch * BatchSize) + i, unseen: false))];

    /// <summary>Scenes to test with.</summary>
    public Scene[] Test(int count, bool unseen) => [.. Enumerable.Range(0, count).Select(i => Scene(Split.HeldOut, i, unseen))];

    /// <summary>Draws the scenes.</summary>
    public static T Render<T>(Scene[] scenes, T pictures) where T : PictureBatch
    {
        for (var i = 0; i < scenes.Length; i++)
        {
            scenes[i].Render(pictures[i]);
        }

        return pictures;
    }

    /// <summary>Writes their captions, a row each, behind what stands for the picture.</summary>
    public void Write(Scene[] scenes, TokenBatch tokens) => Write([.. scenes.Select(static s => s.Caption)], tokens);

    /// <summary>The same of any captions; the end of one that is too long is cut off.</summary>
    public void Write(string[] captions, TokenBatch tokens)
    {
        for (var i = 0; i < captions.Length; i++)
        {
            _tokenizer.FillRow(tokens, i, captions[i], truncate: true);
        }
    }

    /// <summary>The tokens of a caption without those that begin and end a row: words, where it is made of those of the world.</summary>
    public string[] Tokens(string caption) => _tokenizer.Encode(caption, addSpecialTokens: false).Tokens;

    /// <summary>Writes each caption twice in its row: what comes first tells what comes behind it, as a picture will.</summary>
    public void WriteTwice(Scene[] scenes, TokenBatch tokens)
    {
        tokens.Mask.AsSpan().Clear();
        tokens.Ids.AsSpan().Clear();
        for (var i = 0; i < scenes.Length; i++)
        {
            var ids = _tokenizer.Encode(scenes[i].Caption).Ids;
            for (var j = 0; j < 2 * ids.Length; j++)
            {
                (tokens.Ids[(i * tokens.Length) + j], tokens.Mask[(i * tokens.Length) + j]) = (ids[j % ids.Length], 1);
            }
        }
    }

    /// <summary>The next token of each; what stands for a picture is asked for nothing, nor is the token that begins a sentence.</summary>
    public static void WriteTargets(TokenBatch tokens, int[] targets)
    {
        tokens.NextTokens().CopyTo(targets, 0);
        for (var row = 0; row < tokens.Count; row++)
        {
            targets.AsSpan(row * tokens.Length, tokens.Prefix).Fill(-1);
        }
    }

    /// <summary>
    /// Shows half of the pictures grey, and does not ask for their colour nor tell it: their shapes are learnt from outlines alone. While a model cannot tell shapes yet, it learns instead which
    /// ones training never shows in a size and colour, and never says those: after 750 steps 32% of unseen compositions were said, and 2% without grey pictures.
    /// </summary>
    /// <param name="batch">Its number: what is drawn is a function of it.</param>
    public void ShowGrey(PictureBatch pictures, TokenBatch tokens, int[] targets, long batch)
    {
        var random = new RandomStream(seed: 1, Domain, (ulong)batch);
        for (var row = 0; row < pictures.Count; row++)
        {
            if (random.Below(2) == 0)
            {
                continue;
            }

            var pixels = pictures[row];
            var area = pictures.Height * pictures.Width;
            for (var i = 0; i < area; i++)
            {
                pixels[i] = pixels[area + i] = pixels[(2 * area) + i] = (pixels[i] + pixels[area + i] + pixels[(2 * area) + i]) / 3;
            }

            var at = (row * tokens.Length) + tokens.Prefix + ColourAt;
            targets[at - 1] = -1;
            tokens.Ids[at] = _words[random.Below((uint)_words.Length)];
        }
    }

    /// <summary>
    /// Puts other words in place of half of those that are read, not of those that are asked for: what went before tells too which shapes training never shows in a size and colour, and pictures
    /// have to be trusted more.
    /// </summary>
    /// <param name="batch">Its number: what is drawn is a function of it.</param>
    /// <param name="isTwice">Captions stand twice: the first time they stay.</param>
    public void Disturb(TokenBatch tokens, long batch, bool isTwice = false)
    {
        var random = new RandomStream(seed: 0, Domain, (ulong)batch);
        for (var row = 0; row < tokens.Count; row++)
        {
            var stays = isTwice;
            foreach (ref var id in tokens.Ids.AsSpan(row * tokens.Length, tokens.Length)[tokens.Prefix..])
            {
                stays &= id != _end;
                if (!stays && _words.Contains(id) && random.Below(2) == 0)
                {
                    id = _words[random.Below((uint)_words.Length)];
                }
            }
        }
    }

    /// <summary>One number for each caption: pictures of which the same is said are no negatives of each other.</summary>
    public static void WriteIds(Scene[] scenes, int[] ids)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < scenes.Length; i++)
        {
            numbers.TryAdd(scenes[i].Caption, numbers.Count);
            ids[i] = numbers[scenes[i].Caption];
        }
    }

    /// <summary>Words behind a prompt of so many tokens.</summary>
    public string[] Texts(IReadOnlyList<GeneratedSequence> rows, int prompt) => [.. rows.Select(r => _tokenizer.Decode(r.NewIds(prompt)))];

    /// <summary>The share of the scenes whose caption was said word for word.</summary>
    public static double Exact(Scene[] scenes, string[] said) => scenes.Zip(said).Count(static p => p.First.Caption == p.Second) / (double)scenes.Length;
}

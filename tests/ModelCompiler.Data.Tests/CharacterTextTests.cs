using System.Text;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>Characters become tokens and come back; windows are pieces of the text and their successors.</summary>
public sealed class CharacterTextTests
{
    private static readonly Gen<string> s_text = Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Array[1, 60]
        .Select(scalars => string.Concat(scalars.Select(scalar => new Rune(scalar).ToString())));

    [Fact]
    public void Encoding_and_decoding_return_the_text() => s_text.Sample(text =>
    {
        var vocabulary = new CharacterVocabulary(text);
        var tokens = vocabulary.Encode(text);
        Assert.Equal(text.EnumerateRunes().Count(), tokens.Length);
        Assert.Equal(text, vocabulary.Decode(tokens));
        Assert.Equal(vocabulary.Characters.Order(), vocabulary.Characters);
    });

    [Fact]
    public void A_surrogate_pair_is_one_character()
    {
        var vocabulary = new CharacterVocabulary("b🦊a🦊\uFFFD");
        Assert.Equal(["a", "b", "\uFFFD", "🦊"], vocabulary.Characters.Select(character => character.ToString()));
        Assert.Equal([3, 0], vocabulary.Encode("🦊a"));
        Assert.Contains("U+D83E", Assert.Throws<ArgumentException>(() => vocabulary.Encode("a\uD83E")).Message);
        Assert.Contains("Position 1", Assert.Throws<ArgumentException>(() => new CharacterVocabulary("a\uDD8A")).Message);
    }

    [Fact]
    public void Unknown_characters_and_tokens_are_named()
    {
        var vocabulary = new CharacterVocabulary("abc");
        Assert.Contains("'é' (U+00E9), number 2", Assert.Throws<ArgumentException>(() => vocabulary.Encode("abé")).Message);
        Assert.Contains("0..2", Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Decode([0, 3])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Decode([-1]));
        Assert.Throws<ArgumentException>(() => new CharacterVocabulary(""));
    }

    [Fact]
    public void The_parts_make_up_the_text() => Gen.Select(s_text, Gen.Double[0, 0.999]).Sample((text, heldOut) =>
    {
        var data = new CharacterText(text, heldOut);
        var (train, rest) = (data.Tokens(Split.Train), data.Tokens(Split.HeldOut));
        Assert.Equal(text, data.Vocabulary.Decode(train.Span) + data.Vocabulary.Decode(rest.Span));
        Assert.Equal((int)((train.Length + rest.Length) * heldOut), rest.Length);
    });

    [Fact]
    public void Windows_lie_end_to_end_and_targets_are_one_later()
    {
        var windows = new TokenWindows(Enumerable.Range(0, 10).ToArray(), 3);
        Assert.Equal(3, windows.Count);
        var (input, target) = (new int[3], new int[3]);
        windows.Copy(2, input, target);
        Assert.Equal([6, 7, 8], input);
        Assert.Equal([7, 8, 9], target);
        Assert.Contains("0..2", Assert.Throws<ArgumentOutOfRangeException>(() => windows.Copy(3, input, target)).Message);
        Assert.Throws<ArgumentException>(() => windows.Copy(0, new int[4], target));
    }

    [Fact]
    public void Samples_start_anywhere_and_depend_on_seed_and_step_alone()
    {
        var windows = new TokenWindows(Enumerable.Range(0, 8).ToArray(), 3);
        var starts = new int[8];
        var (inputs, targets, again) = (new int[12], new int[12], new int[12]);
        for (var step = 0; step < 1_000; step++)
        {
            windows.Sample(1, step, inputs, targets);
            for (var row = 0; row < 12; row += 3)
            {
                starts[inputs[row]]++;
                Assert.Equal([inputs[row], inputs[row] + 1, inputs[row] + 2], inputs[row..(row + 3)]);
                Assert.Equal([inputs[row] + 1, inputs[row] + 2, inputs[row] + 3], targets[row..(row + 3)]);
            }
        }

        Assert.All(starts[..5], count => Assert.InRange(count, 700, 900));
        Assert.All(starts[5..], count => Assert.Equal(0, count));
        windows.Sample(1, 999, again, targets);
        Assert.Equal(inputs, again);
        windows.Sample(2, 999, again, targets);
        Assert.NotEqual(inputs, again);
        Assert.Throws<ArgumentException>(() => windows.Sample(1, 0, new int[4], new int[4]));
        Assert.Throws<ArgumentException>(() => windows.Sample(1, 0, new int[3], new int[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => windows.Sample(1, -1, inputs, targets));
    }

    [Fact]
    public void Bad_settings_are_named_with_what_is_legal()
    {
        var text = new CharacterText("hello world", 0.2);
        Assert.Equal(2, text.Tokens(Split.HeldOut).Length);
        Assert.Contains("1..8", Assert.Throws<ArgumentOutOfRangeException>(() => text.Windows(9)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Windows(0));
        Assert.Contains("no length", Assert.Throws<ArgumentOutOfRangeException>(() => new CharacterText("ab", 0).Windows(1, Split.HeldOut)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CharacterText("ab", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CharacterText("ab", double.NaN));
    }

    [Fact]
    public void Files_are_strict_utf8()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "naïve 狐", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            Assert.Equal(7, CharacterText.Read(path, 0).Tokens(Split.Train).Length);
            File.WriteAllBytes(path, [65, 0xC3]);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => CharacterText.Read(path)).Message);
            File.WriteAllBytes(path, []);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => CharacterText.Read(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Shakespeare_has_65_characters()
    {
        var text = CharacterText.Read(SharedData.Find("text/tinyshakespeare.txt"));
        Assert.Equal(65, text.Vocabulary.Count);
        Assert.Equal(1_115_394, text.Tokens(Split.Train).Length + text.Tokens(Split.HeldOut).Length);
        Assert.Equal("First Citizen", text.Vocabulary.Decode(text.Tokens(Split.Train).Span[..13]));
    }
}

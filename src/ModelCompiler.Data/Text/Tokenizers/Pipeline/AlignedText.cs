using System.Text;

namespace ModelCompiler.Data;

/// <summary>
/// A stretch of text on its way to tokens, and where each of its UTF-16 units comes from: both of a surrogate pair from all that their character
/// does. As long as every unit is its own source nothing is stored for that. Buffers are kept from text to text.
/// </summary>
internal sealed class AlignedText
{
    /// <summary>Units behind the end that may be read, whatever they hold: vectors need not look for the end.</summary>
    public const int Slack = 16;

    private char[] _units = new char[256], _nextUnits = [];
    private int[] _starts = [], _ends = [], _nextStarts = [], _nextEnds = [];
    private int _offset, _nextLength;
    private bool _isAligned;

    public int Length { get; private set; }

    /// <summary>The units, with <see cref="Slack"/> more to read.</summary>
    public char[] Buffer => _units;

    public Span<char> Text => _units.AsSpan(0, Length);

    /// <summary>Where the stretch begins in the whole text.</summary>
    public int Offset => _offset;

    /// <summary>Takes a stretch as it is; halves of surrogate pairs become U+FFFD.</summary>
    public void Load(ReadOnlySpan<char> source, int offset)
    {
        Reserve(ref _units, source.Length + Slack);
        source.CopyTo(_units);
        (Length, _offset, _isAligned) = (source.Length, offset, false);
        for (var at = source.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0 && at < Length;)
        {
            if (char.IsHighSurrogate(_units[at]) && at + 1 < Length && char.IsLowSurrogate(_units[at + 1]))
                at += 2;
            else if (char.IsSurrogate(_units[at]))
                _units[at++] = '\uFFFD';
            else
                at++;
        }
    }

    /// <summary>Takes a part of another text, which comes from where it came from there.</summary>
    public void Load(AlignedText other, int start, int end)
    {
        Reserve(ref _units, end - start + Slack);
        other.Text[start..end].CopyTo(_units);
        (Length, _offset, _isAligned) = (end - start, other._isAligned ? other._offset : other._offset + start, other._isAligned);
        if (!_isAligned)
            return;
        Reserve(ref _starts, _units.Length);
        Reserve(ref _ends, _units.Length);
        other._starts.AsSpan(start..end).CopyTo(_starts);
        other._ends.AsSpan(start..end).CopyTo(_ends);
    }

    /// <summary>Where a unit's source starts in the whole text.</summary>
    public int SourceStart(int at) => _isAligned ? _starts[at] : _offset + at;

    /// <summary>Where a unit's source ends in the whole text.</summary>
    public int SourceEnd(int at) => _isAligned ? _ends[at] : _offset + at + 1;

    /// <summary>The source of a stretch of units; an empty one lies where it would be.</summary>
    public TextSpan Source(int start, int end) => start < end ? new(SourceStart(start), SourceEnd(end - 1)) : start < Length ? new(SourceStart(start), SourceStart(start)) : new(_offset, _offset);

    /// <summary>Begins to write what the text becomes, scalar by scalar of what it is; until <see cref="Commit"/> it can be read as it was.</summary>
    public void Rewrite()
    {
        if (!_isAligned)
        {
            Reserve(ref _starts, _units.Length);
            Reserve(ref _ends, _units.Length);
            for (var i = 0; i < Length; i++)
                (_starts[i], _ends[i]) = (_offset + i, _offset + i + 1);
            for (var at = Text.IndexOfAnyInRange('\uD800', '\uDBFF'); at >= 0 && at < Length; at++)
            {
                if (char.IsHighSurrogate(_units[at]))
                    (_ends[at], _starts[at + 1]) = (_offset + at + 2, _offset + at);
            }

            _isAligned = true;
        }

        (_nextLength, Cursor) = (0, 0);
    }

    /// <summary>The scalar of the old text that is looked at next.</summary>
    public int Cursor { get; private set; }

    /// <summary>Puts a scalar in the place of the next old one: it has that one's source.</summary>
    public void Replace(Rune scalar)
    {
        Put(scalar, _starts[Cursor], _ends[Cursor]);
        Drop();
    }

    /// <summary>Puts a scalar behind the last old one looked at: it shares that one's source, and has none before the first.</summary>
    public void Insert(Rune scalar)
    {
        if (Cursor > 0)
            Put(scalar, _starts[Cursor - 1], _ends[Cursor - 1]);
        else
            Put(scalar, _offset, _offset);
    }

    /// <summary>Puts scalars with how many more there are than before: 0 for one that takes the place of another, 1 for one more, -n for one instead of n + 1.</summary>
    public void Put(List<(Rune Scalar, int Surplus)> changes)
    {
        foreach (var (scalar, surplus) in changes)
        {
            if (surplus > 0)
            {
                Insert(scalar);
            }
            else
            {
                Replace(scalar);
                Drop(-surplus);
            }
        }
    }

    /// <summary>Leaves old scalars out.</summary>
    public void Drop(int scalars = 1)
    {
        for (; scalars > 0; scalars--)
            Cursor += char.IsHighSurrogate(_units[Cursor]) ? 2 : 1;
    }

    /// <summary>Keeps the old scalars up to a place.</summary>
    public void KeepTo(int end)
    {
        var count = end - Cursor;
        while (_nextLength + count + Slack >= _nextUnits.Length)
            Grow();
        Array.Copy(_units, Cursor, _nextUnits, _nextLength, count);
        Array.Copy(_starts, Cursor, _nextStarts, _nextLength, count);
        Array.Copy(_ends, Cursor, _nextEnds, _nextLength, count);
        (_nextLength, Cursor) = (_nextLength + count, end);
    }

    /// <summary>The old text is gone.</summary>
    public void Commit()
    {
        (_units, _nextUnits, _starts, _nextStarts, _ends, _nextEnds) = (_nextUnits, _units, _nextStarts, _starts, _nextEnds, _ends);
        if (_units.Length < _nextLength + Slack)
            Array.Resize(ref _units, _nextLength + Slack);
        Length = _nextLength;
    }

    private void Put(Rune scalar, int start, int end)
    {
        Span<char> units = stackalloc char[2];
        foreach (var unit in units[..scalar.EncodeToUtf16(units)])
        {
            if (_nextLength + Slack >= _nextUnits.Length)
                Grow();
            (_nextUnits[_nextLength], _nextStarts[_nextLength], _nextEnds[_nextLength]) = (unit, start, end);
            _nextLength++;
        }
    }

    private void Grow()
    {
        var size = Math.Max(256, 2 * _nextUnits.Length);
        Array.Resize(ref _nextUnits, size);
        Array.Resize(ref _nextStarts, size);
        Array.Resize(ref _nextEnds, size);
    }

    private static void Reserve<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[(int)Math.Min(Array.MaxLength, Math.Max(length, 2L * array.Length))];
    }
}

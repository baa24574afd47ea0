using System.Text.RegularExpressions;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The basic blocks of a kernel in PTX, and its loops.</summary>
internal sealed partial class PtxFlow
{
    private readonly List<Block> _blocks = [new("")];
    private readonly bool[][] _dominators;

    public PtxFlow(string ptx)
    {
        // Functions that a kernel calls stand before it.
        var entry = Math.Max(0, ptx.IndexOf(".entry", StringComparison.Ordinal));
        foreach (var line in ptx[entry..].Split('\n').Select(static l => l.Trim()))
        {
            if (Label().Match(line) is { Success: true } label)
            {
                _blocks.Add(new Block(label.Groups[1].Value));
            }
            else if (line.EndsWith(';'))
            {
                _blocks[^1].Lines.Add(line);
                if (line.StartsWith('@') || line.StartsWith("bra", StringComparison.Ordinal) || line.StartsWith("ret", StringComparison.Ordinal))
                {
                    _blocks.Add(new Block(""));
                }
            }
        }

        for (var i = 0; i < _blocks.Count; i++)
        {
            Connect(i);
        }

        _dominators = Dominators();
    }

    /// <summary>The loops: the blocks in which turns end, and all blocks of a turn, the head first.</summary>
    public IEnumerable<(IReadOnlyList<int> Ends, IReadOnlyList<int> Blocks)> Loops() =>
        from end in Enumerable.Range(0, _blocks.Count)
        from head in _blocks[end].Next
        where _dominators[end][head]
        group end by head into loop
        select ((IReadOnlyList<int>)[.. loop], Loop(loop.Key, loop));

    public IReadOnlyList<string> Lines(int block) => _blocks[block].Lines;

    /// <summary>Blocks from which a block is entered.</summary>
    public IEnumerable<int> Before(int block) => Enumerable.Range(0, _blocks.Count).Where(b => _blocks[b].Next.Contains(block));

    private void Connect(int number)
    {
        var block = _blocks[number];
        var last = block.Lines.Count == 0 ? "" : block.Lines[^1];
        foreach (Match target in Target().Matches(last.Contains("bra", StringComparison.Ordinal) ? last : ""))
        {
            block.Next.Add(_blocks.FindIndex(b => b.Label == target.Value));
        }

        if (number + 1 < _blocks.Count && !last.StartsWith("bra", StringComparison.Ordinal) && !last.StartsWith("ret", StringComparison.Ordinal))
        {
            block.Next.Add(number + 1);
        }
    }

    // By the definition: all that dominate every block before, and the block itself.
    private bool[][] Dominators()
    {
        var count = _blocks.Count;
        var result = Enumerable.Range(0, count).Select(i => Enumerable.Range(0, count).Select(j => i > 0 || j == 0).ToArray()).ToArray();
        var before = Enumerable.Range(0, count).Select(i => Before(i).ToArray()).ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 1; i < count; i++)
            {
                for (var j = 0; j < count; j++)
                {
                    if (result[i][j] && i != j && !before[i].All(b => result[b][j]))
                    {
                        result[i][j] = false;
                        changed = true;
                    }
                }
            }
        }

        return result;
    }

    private IReadOnlyList<int> Loop(int head, IEnumerable<int> ends)
    {
        var blocks = new List<int> { head };
        var open = new Stack<int>(ends);
        while (open.TryPop(out var block))
        {
            if (!blocks.Contains(block))
            {
                blocks.Add(block);
                foreach (var before in Before(block))
                {
                    open.Push(before);
                }
            }
        }

        return blocks;
    }

    private sealed record Block(string Label)
    {
        public List<string> Lines { get; } = [];

        public List<int> Next { get; } = [];
    }

    [GeneratedRegex(@"^(L_\w+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"\bL_\w+")]
    private static partial Regex Target();
}

using System.Globalization;
using ModelCompiler.Ptx.Instructions;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Decoding;

/// <summary>
/// Makes steps of instructions: blocks are put into an order in which threads meet again, names become numbers of registers. Constants and special
/// registers are registers too, which are filled once.
/// </summary>
internal sealed class Decoder
{
    private readonly Dictionary<string, int> _registers = [];
    private readonly Dictionary<ulong, int> _constants = [];
    private readonly Dictionary<string, int> _specials = [];
    private readonly Dictionary<string, int> _labels = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _tables = [];

    /// <param name="kernel">One list of instructions, as the linker leaves it.</param>
    public Decoder(PtxFunction kernel)
    {
        Layout = new MemoryLayout(kernel);
        var placed = Order(Blocks(kernel.Body));
        Steps = [.. placed.Select(Decode)];
    }

    public MemoryLayout Layout { get; }

    public Step[] Steps { get; }

    public int RegisterCount { get; private set; }

    public IReadOnlyList<(int Register, ulong Value)> Constants => [.. _constants.Select(static c => (c.Value, c.Key))];

    public IReadOnlyList<(int Register, string Name)> Specials => [.. _specials.Select(static s => (s.Value, s.Key))];

    /// <summary>The register of a result.</summary>
    public int Destination(PtxOperand operand) => operand is PtxName { Name: var name }
        ? name == "_" ? RegisterCount++ : Number(_registers, name)
        : throw new PtxException($"{operand} is no register");

    /// <summary>The register in which an operand is read.</summary>
    /// <param name="type">What a constant is one of.</param>
    public int Source(PtxOperand operand, string type) => operand switch
    {
        PtxConstant c => Number(_constants, Bits(c.Text, type)),
        PtxName n when PtxSpecial.IsOne(n.Name) => Number(_specials, n.Name),
        PtxName n when Layout.Has(n.Name) => Number(_constants, (ulong)Layout.Start(n.Name)),
        PtxName n => Number(_registers, n.Name),
        _ => throw new PtxException($"{operand} is no operand that is known"),
    };

    public int Constant(ulong value) => Number(_constants, value);

    private int Number<T>(Dictionary<T, int> numbers, T key)
        where T : notnull
    {
        if (!numbers.TryGetValue(key, out var number))
        {
            numbers.Add(key, number = RegisterCount++);
        }

        return number;
    }

    private static ulong Bits(string text, string type)
    {
        if (text.StartsWith("0f", StringComparison.OrdinalIgnoreCase))
        {
            return uint.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        if (text.StartsWith("0d", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        if (PtxTypes.IsFloat(type) && text.Contains('.', StringComparison.Ordinal))
        {
            var value = double.Parse(text, CultureInfo.InvariantCulture);
            return type == "f64" ? BitConverter.DoubleToUInt64Bits(value) : BitConverter.SingleToUInt32Bits((float)value);
        }

        var isNegative = text[0] == '-';
        var digits = text.AsSpan(isNegative ? 1 : 0).TrimEnd('U');
        var number = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.Parse(digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : ulong.Parse(digits, CultureInfo.InvariantCulture);
        return isNegative ? 0UL - number : number;
    }

    // Blocks begin at labels and behind branches; each ends with where it goes.
    private List<Block> Blocks(IReadOnlyList<PtxStatement> body)
    {
        var blocks = new List<Block> { new() };
        foreach (var statement in body)
        {
            switch (statement)
            {
                case PtxLabel label:
                    if (blocks[^1].Instructions.Count > 0 || blocks.Count == 1)
                    {
                        blocks.Add(new Block());
                    }

                    _labels.Add(label.Name, blocks.Count - 1);
                    break;
                case PtxTargets targets:
                    _tables.Add(targets.Name, targets.Labels);
                    break;
                case PtxInstruction instruction:
                    blocks[^1].Instructions.Add(instruction);
                    if (instruction.Name is "bra" or "brx" or "ret" or "exit")
                    {
                        blocks.Add(new Block());
                    }

                    break;
            }
        }

        blocks[^1].Instructions.Add(new PtxInstruction("ret", [], [], null, false, "the end"));
        return blocks;
    }

    private List<Placed> Order(List<Block> blocks)
    {
        var next = new IReadOnlyList<int>[blocks.Count];
        for (var i = 0; i < blocks.Count; i++)
        {
            var last = blocks[i].Instructions.LastOrDefault();
            var goesOn = last is null || last.Name is not ("bra" or "brx" or "ret" or "exit") || last.Guard is not null;
            next[i] = [.. goesOn ? [i + 1] : Array.Empty<int>(), .. last is null ? [] : Targets(last)];
        }

        var order = BlockOrder.Of(next);
        var starts = new int[blocks.Count];
        var result = new List<Placed>();
        for (var k = 0; k < order.Count; k++)
        {
            var block = order[k];
            starts[block] = result.Count;
            result.AddRange(blocks[block].Instructions.Select(static i => new Placed(i, -1)));
            if (next[block].Count > 0 && blocks[block].Instructions.LastOrDefault() is var last && (last is null || last.Name is not ("bra" or "brx" or "ret" or "exit") || last.Guard is not null)
                && (k + 1 == order.Count || order[k + 1] != block + 1))
            {
                result.Add(new Placed(new PtxInstruction("bra", [], [], null, false, "bra to the next"), block + 1));
            }
        }

        foreach (var label in _labels.Keys)
        {
            _labels[label] = starts[_labels[label]];
        }

        return [.. result.Select(p => p.Next < 0 ? p : p with { Next = starts[p.Next] })];
    }

    private IEnumerable<int> Targets(PtxInstruction instruction) => instruction.Name switch
    {
        "bra" => [_labels[((PtxName)instruction.Operands[0]).Name]],
        "brx" => _tables[((PtxName)instruction.Operands[1]).Name].Select(l => _labels[l]),
        _ => [],
    };

    private Step Decode(Placed placed)
    {
        var instruction = placed.Instruction;
        var guard = instruction.Guard is { } g ? Source(new PtxName(g), "pred") : -1;
        var step = new Step(StepKind.Plain, instruction, null, guard, instruction.IsNegated);
        try
        {
            return instruction.Name switch
            {
                "bra" => step with { Kind = StepKind.Branch, Target = placed.Next >= 0 ? placed.Next : Targets(instruction).Single() },
                "brx" => step with { Kind = StepKind.IndexedBranch, Target = Source(instruction.Operands[0], "u32"), Targets = [.. Targets(instruction)] },
                "ret" or "exit" => step with { Kind = StepKind.Exit },
                "bar" or "barrier" when instruction.Has("sync") && !instruction.Has("warp") => step with { Kind = StepKind.Barrier },
                _ when Catalogue.MembersOf(this, instruction) is { } members => step with { Kind = StepKind.Together, Members = members, Run = Catalogue.Of(this, instruction) },
                _ => step with { Run = Catalogue.Of(this, instruction) },
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or ArgumentOutOfRangeException or InvalidCastException)
        {
            throw new PtxException($"{instruction} is not known", e);
        }
    }

    private sealed record Block
    {
        public List<PtxInstruction> Instructions { get; } = [];
    }

    /// <param name="Next">Step that a jump goes to which was put in; -1: it stood there.</param>
    private sealed record Placed(PtxInstruction Instruction, int Next);
}

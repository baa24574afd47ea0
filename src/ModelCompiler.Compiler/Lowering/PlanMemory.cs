using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Plan;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>
/// Gives values memory by their lifetimes. Launches are numbered in order, those of a block once; what a block reads from outside
/// lives until the block ends, what a mirror or the caller reads of a block has a copy for each layer. A storage takes over the slot of one
/// that died before, if both grow alike with batch and lengths.
/// </summary>
internal sealed class PlanMemory
{
    private readonly Dictionary<Value, Location> _locations = [];
    private readonly Dictionary<Storage, (int First, int Last)> _lives = [];
    private readonly Dictionary<Storage, HashSet<Storage>> _mayReplace = [];
    private readonly List<Storage> _storages = [];
    private readonly Dictionary<Block, (int First, int Last)> _blocks = [];
    private readonly Program _program;

    private PlanMemory(Program program) => _program = program;

    public static MemoryPlan Run(Program program)
    {
        var plan = new PlanMemory(program);
        plan.NumberBlocks();
        plan.PlaceCarries();
        plan.PlaceValues();
        plan.FindLives();
        plan.FindReplacements();
        return new MemoryPlan(program, plan._locations, plan.Slots());
    }

    private void NumberBlocks()
    {
        var at = 0;
        foreach (var stage in _program.Stages)
        {
            if (stage.Block is { } block)
            {
                _blocks[block] = (at, at + stage.Launches.Count - 1);
            }

            at += stage.Launches.Count;
        }
    }

    private void PlaceCarries()
    {
        var kept = Kept();
        foreach (var block in _program.Graph.Blocks)
        {
            foreach (var carry in block.Carries)
            {
                if (kept.Contains(carry.Entry) || kept.Contains(carry.Next))
                {
                    var storage = Add(carry.Initial, block.Count + 1);
                    Place(carry, storage, new(CopyRule.Layer, -block.First), new(CopyRule.Layer, 1 - block.First), new(CopyRule.Fixed, 0), new(CopyRule.Fixed, block.Count));
                }
                else
                {
                    var (end, start) = (block.First + block.Count, block.First);
                    var storage = Add(carry.Initial, 2);
                    Place(carry, storage,
                        new(CopyRule.Parity, block.IsReverse ? 1 : 0), new(CopyRule.Parity, block.IsReverse ? 0 : 1),
                        new(CopyRule.Fixed, (block.IsReverse ? end : start) & 1), new(CopyRule.Fixed, (block.IsReverse ? start : end) & 1));
                }
            }
        }
    }

    private void Place(Carry carry, Storage storage, Copy entry, Copy next, Copy initial, Copy result)
    {
        _locations[carry.Entry] = new(storage, entry);
        _locations[carry.Next] = new(storage, next);
        _locations[carry.Initial] = new(storage, initial);
        _locations[carry.Result] = new(storage, result);
    }

    private void PlaceValues()
    {
        var kept = Kept();
        foreach (var argument in _program.Launches.SelectMany(static l => l.Arguments).OfType<Argument.Tensor>())
        {
            var value = argument.Value;
            if (value.Producer.Op is InputOp or ParameterOp || _locations.ContainsKey(value))
            {
                continue;
            }

            var block = value.Producer.Block;
            _locations.Add(value, block is not null && kept.Contains(value)
                ? new Location(Add(value, block.Count), new Copy(CopyRule.Layer, -block.First))
                : new Location(Add(value, 1), Copy.Only));
        }
    }

    private Storage Add(Value value, int copies)
    {
        var storage = new Storage(value.Name, Floats(value), copies);
        _storages.Add(storage);
        return storage;
    }

    // Two narrow elements are one float; an odd number of them is rounded up.
    private static Extent Floats(Value value) => value.Type == ElementType.BFloat16
        ? value.Shape.Count with { Factor = (value.Shape.Count.Factor + 1) / 2 }
        : value.Shape.Count;

    // What a mirror reads of its block, and outputs that blocks have.
    private HashSet<Value> Kept() =>
    [
        .. _program.Graph.Nodes.Where(static n => n.Block is { IsReverse: true }).SelectMany(n => n.Inputs.Where(i => ReferenceEquals(i.Producer.Block, n.Block!.Mirror) && i.Producer.Op is not ParameterOp)),
        .. _program.Graph.Outputs.SelectMany(static o => o.Values).Where(static v => v.Producer.Block is not null),
    ];

    private void FindLives()
    {
        var at = 0;
        foreach (var stage in _program.Stages)
        {
            foreach (var launch in stage.Launches)
            {
                for (var i = 0; i < launch.Arguments.Count; i++)
                {
                    if (launch.Arguments[i] is Argument.Tensor { Value: var value } && _locations.TryGetValue(value, out var location))
                    {
                        // One copy made and read in the same block lives for a part of a layer only; everything else lives as long as the block runs.
                        var isLocal = stage.Block is null || (location.Storage.Copies == 1 && ReferenceEquals(value.Producer.Block, stage.Block));
                        var (first, last) = isLocal ? (at, at) : _blocks[stage.Block!];
                        Extend(location.Storage, first, last);
                    }
                }

                at++;
            }
        }

        foreach (var value in _program.Graph.Outputs.SelectMany(static o => o.Values))
        {
            if (_locations.TryGetValue(value, out var location))
            {
                Extend(location.Storage, at, at);
            }
        }

        // A carry that nobody reads behind its block still is written in it.
        foreach (var block in _program.Graph.Blocks)
        {
            foreach (var carry in block.Carries)
            {
                Extend(_locations[carry.Entry].Storage, _blocks[block].First, _blocks[block].Last);
            }
        }
    }

    private void Extend(Storage storage, int first, int last) =>
        _lives[storage] = _lives.TryGetValue(storage, out var life) ? (Math.Min(life.First, first), Math.Max(life.Last, last)) : (first, last);

    // A row kernel may write where it reads, if each element is read for the last time before it is written.
    private void FindReplacements()
    {
        foreach (var launch in _program.Launches.Where(static l => l.Kernel is RowKernel))
        {
            var kernel = (RowKernel)launch.Kernel;
            for (var output = 0; output < kernel.Operands.Count; output++)
            {
                if (launch.Arguments[output] is not Argument.Tensor { Value: var written } || !kernel.Operands[output].IsOutput || !_locations.TryGetValue(written, out var to))
                {
                    continue;
                }

                for (var input = 0; input < kernel.Operands.Count; input++)
                {
                    if (!kernel.Operands[input].IsOutput && launch.Arguments[input] is Argument.Tensor { Value: var read } && _locations.TryGetValue(read, out var from)
                        && InPlace.IsAllowed(kernel, input, output))
                    {
                        if (!_mayReplace.TryGetValue(to.Storage, out var set))
                        {
                            _mayReplace.Add(to.Storage, set = []);
                        }

                        set.Add(from.Storage);
                    }
                }
            }
        }
    }

    private IReadOnlyList<Slot> Slots()
    {
        var slots = new List<List<Storage>>();
        foreach (var storage in _storages.Where(_lives.ContainsKey).OrderBy(b => _lives[b].First))
        {
            var slot = storage.Copies > 1 ? null : slots
                .Where(s => s[0].Copies == 1 && s[0].Count with { Factor = storage.Count.Factor } == storage.Count && IsFree(s, storage))
                .OrderBy(s => Math.Abs(s.Max(static b => b.Count.Factor) - storage.Count.Factor))
                .FirstOrDefault();
            if (slot is null)
            {
                slots.Add([storage]);
            }
            else
            {
                slot.Add(storage);
            }
        }

        return [.. slots.Select(static s => new Slot(s))];
    }

    private bool IsFree(List<Storage> slot, Storage storage)
    {
        var first = _lives[storage].First;
        return slot.All(b => _lives[b].Last < first || (_lives[b].Last == first && _mayReplace.TryGetValue(storage, out var set) && set.Contains(b) && b.Count == storage.Count));
    }
}

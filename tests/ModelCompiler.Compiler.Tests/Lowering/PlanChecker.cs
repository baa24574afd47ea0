using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Plan;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Tests.Lowering;

/// <summary>
/// Proves a memory plan for one batch without knowing how it was made: every launch of every layer is a moment; what a launch writes
/// lives from that moment to its last reader, or to the end where it is an output; and what lives at one moment lies apart in floats.
/// </summary>
internal sealed class PlanChecker
{
    private readonly Dictionary<(Value, int Layer), Life> _lives = [];
    private readonly Dictionary<Storage, long> _offsets = [];
    private readonly Dictionary<Value, (Carry Carry, Block Block)> _entries = [];
    private readonly Dictionary<Value, (Carry Carry, Block Block)> _results = [];
    private readonly List<string> _faults = [];
    private readonly MemoryPlan _plan;
    private readonly (int Batch, int Length, int Second) _size;

    private PlanChecker(MemoryPlan plan, int batch, int length, int second)
    {
        (_plan, _size) = (plan, (batch, length, second));
        foreach (var block in plan.Program.Graph.Blocks)
        {
            foreach (var carry in block.Carries)
            {
                _entries.Add(carry.Entry, (carry, block));
                _results.Add(carry.Result, (carry, block));
            }
        }

        var at = 0L;
        foreach (var slot in plan.Slots)
        {
            foreach (var storage in slot.Storages)
            {
                _offsets.Add(storage, at);
            }

            at += slot.Storages.Max(s => s.Copies * Aligned(s));
        }
    }

    /// <summary>What is wrong with a plan; empty where nothing is.</summary>
    public static IReadOnlyList<string> Faults(MemoryPlan plan, int batch, int length, int second = 1)
    {
        var checker = new PlanChecker(plan, batch, length, second);
        checker.Walk();
        checker.Compare();
        return checker._faults;
    }

    private void Walk()
    {
        var moment = 0;
        foreach (var stage in _plan.Program.Stages)
        {
            foreach (var layer in stage.Block?.Layers ?? [-1])
            {
                foreach (var launch in stage.Launches)
                {
                    Run(launch, layer, moment++);
                }
            }
        }

        foreach (var value in _plan.Program.Graph.Outputs.SelectMany(static o => o.Values))
        {
            foreach (var layer in value.Producer.Block?.Layers ?? [-1])
            {
                Read(value, layer, moment, null, 0);
            }
        }
    }

    private void Run(Launch launch, int layer, int moment)
    {
        for (var i = 0; i < launch.Arguments.Count; i++)
        {
            if (launch.Arguments[i] is Argument.Tensor { Value: var value } && !launch.Kernel.Operands[i].IsOutput)
            {
                Read(value, layer, moment, launch.Kernel, i);
            }
        }

        for (var i = 0; i < launch.Arguments.Count; i++)
        {
            if (launch.Arguments[i] is Argument.Tensor { Value: var value } && launch.Kernel.Operands[i].IsOutput)
            {
                var from = Address(value, layer);
                _lives.Add((value, layer), new Life($"{value} of layer {layer}", from, from + value.Shape.Count.At(_size.Batch, _size.Length, _size.Second), moment, i));
            }
        }
    }

    // A carry is read where the layer before wrote it, or where the block found its first value.
    private void Read(Value value, int layer, int moment, Kernel? kernel, int operand)
    {
        if (value.Producer.Op is InputOp or ParameterOp)
        {
            return;
        }

        var (origin, from) = Origin(value, layer);
        if (!_lives.TryGetValue((origin, from), out var life))
        {
            _faults.Add($"{value} of layer {layer} is read at {moment}, but {origin} of layer {from} was not written");
            return;
        }

        if (Address(value, layer) != life.From)
        {
            _faults.Add($"{value} of layer {layer} is read at {Address(value, layer)}, but was written to {life.From}");
        }

        if (moment > life.Last || life.Reads.Count == 0)
        {
            life.Last = moment;
            life.Reads.Clear();
        }

        life.Reads.Add((kernel, operand));
    }

    private (Value Value, int Layer) Origin(Value value, int layer)
    {
        if (_results.TryGetValue(value, out var result))
        {
            return (result.Carry.Next, result.Block.Layers.Last());
        }

        if (!_entries.TryGetValue(value, out var entry))
        {
            return (value, value.Producer.Block is null ? -1 : layer);
        }

        return layer == entry.Block.Layers.First() ? Origin(entry.Carry.Initial, -1) : (entry.Carry.Next, entry.Block.IsReverse ? layer + 1 : layer - 1);
    }

    private void Compare()
    {
        var lives = _lives.Values.OrderBy(static l => l.First).ToArray();
        for (var i = 0; i < lives.Length; i++)
        {
            for (var j = i + 1; j < lives.Length; j++)
            {
                var (a, b) = (lives[i], lives[j]);
                if (a.From < b.To && b.From < a.To && (b.First < a.Last || (b.First == a.Last && !MayReplace(a, b))))
                {
                    _faults.Add($"{b.Name} is written at {b.First} over {a.Name}, which is read until {a.Last}");
                }
            }
        }
    }

    // The last reader may write over what it reads if it is done with each element before: a row kernel that reads only the element itself,
    // and in no later loop over the row.
    private static bool MayReplace(Life read, Life written) => read.From == written.From && read.To == written.To && read.First < read.Last && read.Reads.All(r =>
    {
        if (r.Kernel is not RowKernel kernel)
        {
            return false;
        }

        var levels = new RowLevels(kernel);
        var store = kernel.Steps.OfType<RowStep.Store>().FirstOrDefault(s => s.Operand == written.Operand);
        return store is not null && kernel.Steps.All(step => Reads(step.Value, r.Operand).All(scalar =>
            levels.Of(step) <= levels.Of(store) && (scalar is Scalar.Read { Row: Position.RowIndex } || (scalar is Scalar.ReadAt { Row: Position.RowIndex } && step is RowStep.Local))));
    });

    private static IEnumerable<Scalar> Reads(Scalar value, int operand) => value.All().Where(s => operand == s switch
    {
        Scalar.Read r => r.Operand,
        Scalar.ReadRow r => r.Operand,
        Scalar.ReadAt r => r.Operand,
        Scalar.ReadColumn r => r.Operand,
        _ => -1,
    });

    private long Address(Value value, int layer)
    {
        var (storage, copy) = _plan.Locations[value];
        var number = copy.Rule switch
        {
            CopyRule.Fixed => copy.Shift,
            CopyRule.Layer => layer + copy.Shift,
            _ => (layer + copy.Shift) % 2,
        };
        if (number < 0 || number >= storage.Copies)
        {
            _faults.Add($"{value} of layer {layer} is in copy {number} of {storage.Copies}");
        }

        return _offsets[storage] + (number * Aligned(storage));
    }

    private long Aligned(Storage storage) => (storage.Count.At(_size.Batch, _size.Length, _size.Second) + 31) / 32 * 32;

    /// <summary>A value of a layer: floats [From, To), from the moment it is written to the last at which it is read.</summary>
    private sealed class Life(string name, long from, long to, int first, int operand)
    {
        public string Name { get; } = name;

        public long From { get; } = from;

        public long To { get; } = to;

        public int First { get; } = first;

        /// <summary>Number of the operand that it is written as.</summary>
        public int Operand { get; } = operand;

        public int Last { get; set; } = first;

        /// <summary>Who reads it at the last moment.</summary>
        public List<(Kernel? Kernel, int Operand)> Reads { get; } = [];
    }
}

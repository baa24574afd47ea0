using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Ir.Plan;

/// <summary>
/// Walks a plan as it will run, layer by layer, and notes which value each piece of memory holds: whatever a launch reads, and every
/// output at the end, must still be what was written there for this layer.
/// </summary>
internal sealed class PlanVerifier
{
    private readonly Dictionary<(Slot, int Copy), (Value, int Layer)> _memory = [];
    private readonly Dictionary<Storage, Slot> _slots = [];
    private readonly Dictionary<Value, (Carry Carry, Block Block)> _entries = [];
    private readonly Dictionary<Value, (Carry Carry, Block Block)> _results = [];
    private readonly MemoryPlan _plan;

    private PlanVerifier(MemoryPlan plan)
    {
        _plan = plan;
        foreach (var slot in plan.Slots)
        {
            foreach (var storage in slot.Storages)
            {
                _slots.Add(storage, slot);
            }
        }

        foreach (var block in plan.Program.Graph.Blocks)
        {
            foreach (var carry in block.Carries)
            {
                _entries.Add(carry.Entry, (carry, block));
                _results.Add(carry.Result, (carry, block));
            }
        }
    }

    /// <exception cref="GraphException">A value is overwritten before its last reader has run.</exception>
    public static MemoryPlan Verify(MemoryPlan plan)
    {
        var verifier = new PlanVerifier(plan);
        foreach (var stage in plan.Program.Stages)
        {
            foreach (var layer in stage.Block is { } block ? block.Layers : [-1])
            {
                foreach (var launch in stage.Launches)
                {
                    verifier.Run(launch, layer);
                }
            }
        }

        foreach (var value in plan.Program.Graph.Outputs.SelectMany(static o => o.Values))
        {
            foreach (var layer in value.Producer.Block is { } block ? block.Layers : [-1])
            {
                verifier.Read(value, layer, "the end of the program");
            }
        }

        return plan;
    }

    private void Run(Launch launch, int layer)
    {
        for (var i = 0; i < launch.Arguments.Count; i++)
        {
            if (launch.Arguments[i] is Argument.Tensor t && !launch.Kernel.Operands[i].IsOutput)
            {
                Read(t.Value, layer, $"kernel '{launch.Kernel.Name}'");
            }
        }

        for (var i = 0; i < launch.Arguments.Count; i++)
        {
            if (launch.Arguments[i] is Argument.Tensor t && launch.Kernel.Operands[i].IsOutput)
            {
                var (slot, copy) = Place(t.Value, layer);
                _memory[(slot, copy)] = Identity(t.Value, layer);
            }
        }
    }

    private void Read(Value value, int layer, string reader)
    {
        var wanted = Identity(value, layer);
        if (wanted.Value.Producer.Op is InputOp or ParameterOp)
        {
            return;
        }

        var found = _memory.TryGetValue(Place(value, layer), out var held);
        if (!found || !ReferenceEquals(held.Item1, wanted.Value) || held.Layer != wanted.Layer)
        {
            throw new GraphException($"{reader} reads {value} of layer {layer}, but its memory holds {(found ? $"{held.Item1} of layer {held.Layer}" : "nothing")}");
        }
    }

    /// <summary>The value that was computed: what a carry stands for in a layer is the layer before's, or the block's beginning.</summary>
    private (Value Value, int Layer) Identity(Value value, int layer)
    {
        if (_entries.TryGetValue(value, out var entry))
        {
            return layer == entry.Block.Layers.First() ? Identity(entry.Carry.Initial, -1) : (entry.Carry.Next, entry.Block.IsReverse ? layer + 1 : layer - 1);
        }

        return _results.TryGetValue(value, out var result) ? (result.Carry.Next, result.Block.Layers.Last()) : (value, value.Producer.Block is null ? -1 : layer);
    }

    private (Slot Slot, int Copy) Place(Value value, int layer)
    {
        var location = _plan.Locations[value];
        var copy = location.Copy switch
        {
            { Rule: CopyRule.Fixed } c => c.Shift,
            { Rule: CopyRule.Layer } c => layer + c.Shift,
            var c => (layer + c.Shift) & 1,
        };
        return copy >= 0 && copy < location.Storage.Copies ? (_slots[location.Storage], copy)
            : throw new GraphException($"{value} of layer {layer} is in copy {copy} of '{location.Storage.Name}', which has {location.Storage.Copies}");
    }
}

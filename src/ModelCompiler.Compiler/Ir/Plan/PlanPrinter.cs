using System.Text;
using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ir.Plan;

/// <summary>A memory plan as stable text: a line a slot with the tensors that use it one after the other, then what each launch reads and writes.</summary>
internal static class PlanPrinter
{
    public static string Print(MemoryPlan plan)
    {
        var text = new StringBuilder();
        var slots = new Dictionary<Storage, int>();
        for (var i = 0; i < plan.Slots.Count; i++)
        {
            var slot = plan.Slots[i];
            text.Append($"slot {i}: {(slot.Copies == 1 ? "" : $"{slot.Copies} x ")}{slot.Count} floats: {string.Join(", ", slot.Storages.Select(static s => s.Name))}\n");
            foreach (var storage in slot.Storages)
            {
                slots[storage] = i;
            }
        }

        foreach (var stage in plan.Program.Stages)
        {
            text.Append(stage.Block is { } block ? $"for each layer of {block.Name}\n" : "once\n");
            foreach (var launch in stage.Launches)
            {
                var places = launch.Arguments.Select((a, i) => $"{(launch.Kernel.Operands[i].IsOutput ? "-> " : "")}{Place(a)}");
                text.Append($"  {launch.Kernel.Name}({string.Join(", ", places)})\n");
            }
        }

        return text.ToString();

        string Place(Kernels.Argument argument) => argument switch
        {
            Kernels.Argument.Gradient g => $"gradient of {g.Parameter.Name}",
            Kernels.Argument.Tensor { Value.Producer.Op: ParameterOp p } => p.Parameter.Name,
            Kernels.Argument.Tensor { Value.Producer.Op: InputOp i } => $"input {i.InputName}",
            Kernels.Argument.Tensor t => $"{t.Value} in slot {slots[plan.Locations[t.Value].Storage]}{Text(plan.Locations[t.Value].Copy)}",
            _ => throw new InvalidOperationException("no such argument"),
        };
    }

    private static string Text(Copy copy) => copy switch
    {
        { Rule: CopyRule.Fixed, Shift: 0 } => "",
        { Rule: CopyRule.Fixed } => $"[{copy.Shift}]",
        { Rule: CopyRule.Layer, Shift: 0 } => "[layer]",
        { Rule: CopyRule.Layer } => $"[layer{copy.Shift:+#;-#}]",
        _ => copy.Shift == 0 ? "[layer mod 2]" : "[(layer + 1) mod 2]",
    };
}

using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Decoding;

/// <summary>
/// Puts the functions that a kernel calls in place of the calls, so that there is one list of instructions: names of each copy are its own, its
/// parameters are the memory that the call names, and its return jumps behind it. Functions that call themselves are not known here.
/// </summary>
internal sealed class PtxLinker(PtxModule module)
{
    private readonly List<PtxStatement> _body = [];
    private readonly Dictionary<string, PtxVariable> _variables = new(module.Variables);
    private int _copies;

    public PtxFunction Link(PtxFunction kernel)
    {
        Add(kernel, "", [], null, 0);
        return kernel with { Body = _body, Variables = _variables };
    }

    // What stands for names of the function: parameters are the caller's, all else has the copy's prefix.
    private void Add(PtxFunction function, string prefix, Dictionary<string, string> names, string? end, int depth)
    {
        if (depth > 16)
        {
            throw new PtxException($"{function.Name} calls itself");
        }

        foreach (var variable in function.Variables.Values.Where(v => !names.ContainsKey(v.Name)))
        {
            _variables.Add(prefix + variable.Name, variable with { Name = prefix + variable.Name });
        }

        foreach (var statement in function.Body)
        {
            switch (statement)
            {
                case PtxLabel label:
                    _body.Add(new PtxLabel(prefix + label.Name));
                    break;
                case PtxTargets targets:
                    _body.Add(new PtxTargets(prefix + targets.Name, [.. targets.Labels.Select(l => prefix + l)]));
                    break;
                case PtxInstruction { Name: "call" } call:
                    Call(call, Name, depth);
                    break;
                case PtxInstruction { Name: "ret" } ret when end is not null:
                    _body.Add(ret with { Name = "bra", Operands = [new PtxName(end)], Guard = ret.Guard is null ? null : Name(ret.Guard) });
                    break;
                case PtxInstruction other:
                    _body.Add(other with { Guard = other.Guard is null ? null : Name(other.Guard), Operands = [.. other.Operands.Select(o => Rename(o, Name))] });
                    break;
            }
        }

        string Name(string name) => names.TryGetValue(name, out var own) ? own : name[0] == '%' && PtxSpecial.IsOne(name) || module.Variables.ContainsKey(name) ? name : prefix + name;
    }

    private void Call(PtxInstruction call, Func<string, string> name, int depth)
    {
        if (call.Guard is not null)
        {
            throw new PtxException($"a call that depends on a predicate is not known: {call}");
        }

        var lists = call.Operands.OfType<PtxVector>().Select(v => v.Elements.Select(e => name(((PtxName)e).Name)).ToArray()).ToArray();
        var called = ((PtxName)call.Operands.First(static o => o is PtxName)).Name;
        if (!module.Functions.TryGetValue(called, out var function))
        {
            throw new PtxException($"there is no function {called}: {call}");
        }

        var given = call.Operands[0] is PtxVector ? lists[0] : [];
        var taken = lists.Length > (given.Length > 0 ? 1 : 0) ? lists[^1] : [];
        var names = function.Returns.Zip(given).Concat(function.Parameters.Zip(taken)).ToDictionary(static p => p.First.Name, static p => p.Second);
        var prefix = $"call{_copies++}.";
        Add(function, prefix, names, prefix + "end", depth + 1);
        _body.Add(new PtxLabel(prefix + "end"));
    }

    private static PtxOperand Rename(PtxOperand operand, Func<string, string> name) => operand switch
    {
        PtxName n => new PtxName(name(n.Name)),
        PtxAddress a => a with { Base = Rename(a.Base, name) },
        PtxVector v => new PtxVector([.. v.Elements.Select(e => Rename(e, name))]),
        PtxPair p => new PtxPair(Rename(p.First, name), Rename(p.Second, name)),
        var other => other,
    };
}

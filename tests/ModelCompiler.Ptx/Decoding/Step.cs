using ModelCompiler.Ptx.Machine;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Decoding;

/// <summary>What an instruction does in the threads of a warp that execute it together.</summary>
internal delegate void Execution(Warp warp);

internal enum StepKind
{
    /// <summary>Each thread does it alone.</summary>
    Plain,
    Branch,
    IndexedBranch,
    Exit,

    /// <summary>Threads wait for all others of the group.</summary>
    Barrier,

    /// <summary>Threads wait for those others of the warp that <see cref="Step.Members"/> names.</summary>
    Together,
}

/// <summary>An instruction, ready to be executed.</summary>
/// <param name="Guard">Register of the predicate without which it is not executed; -1: it always is.</param>
/// <param name="Target">Number of the step that a branch goes to.</param>
/// <param name="Members">Register of the mask of the threads that do it together; -1: all of a whole warp.</param>
internal sealed record Step(StepKind Kind, PtxInstruction Source, Execution? Run, int Guard = -1, bool IsNegated = false, int Target = -1, int Members = -1, int[]? Targets = null);

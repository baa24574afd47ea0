using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Ops;

/// <summary>An op that is one <see cref="PairKernel"/>.</summary>
internal interface IPairLossOp
{
    PairRule Rule { get; }

    /// <summary>What its inputs and then its outputs are.</summary>
    IReadOnlyList<PairRole> Roles { get; }
}

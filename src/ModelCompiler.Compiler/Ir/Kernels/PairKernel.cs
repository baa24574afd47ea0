using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ir.Kernels;

/// <summary>What an operand of a <see cref="PairKernel"/> is. Names of the run time's fields.</summary>
internal enum PairRole
{
    /// <summary>[pairs, width]: rows of similarities; in a gradient, of the side that it is of.</summary>
    First,

    /// <summary>[pairs, width]: their columns.</summary>
    Second,

    /// <summary>[queued, width]: further columns.</summary>
    Queue,

    /// <summary>[pairs, teacher's width]: rows of the teacher's similarities.</summary>
    FirstTeacher,

    /// <summary>[pairs, teacher's width]: their columns.</summary>
    SecondTeacher,

    /// <summary>[pairs]: pairs of one number belong together.</summary>
    Ids,

    /// <summary>[1]: added to every similarity.</summary>
    Bias,

    /// <summary>[1]: what the sum over pairs is multiplied by.</summary>
    Scale,

    /// <summary>[1]: what forward writes; in a gradient, that of the loss.</summary>
    Loss,

    /// <summary>[pairs] of rows, as all that follow up to those of columns: the greatest similarity m.</summary>
    FirstLargest,

    /// <summary>log sum exp(s - m).</summary>
    FirstLogSum,

    /// <summary>The mean of those that are right.</summary>
    FirstOwn,

    /// <summary>The greatest of the teacher's.</summary>
    FirstTeacherLargest,

    /// <summary>Their log sum.</summary>
    FirstTeacherLogSum,

    /// <summary>The mean of ours by the teacher's softmax.</summary>
    FirstTeacherMean,

    /// <summary>The same of columns.</summary>
    SecondLargest,

    /// <inheritdoc cref="SecondLargest"/>
    SecondLogSum,

    /// <inheritdoc cref="SecondLargest"/>
    SecondOwn,

    /// <inheritdoc cref="SecondLargest"/>
    SecondTeacherLargest,

    /// <inheritdoc cref="SecondLargest"/>
    SecondTeacherLogSum,

    /// <inheritdoc cref="SecondLargest"/>
    SecondTeacherMean,

    /// <summary>[pairs]: how many columns a row matches.</summary>
    Matches,

    /// <summary>[pairs]: the sum of a row's losses.</summary>
    Losses,

    /// <summary>[pairs]: the sum of their slopes.</summary>
    Slopes,

    /// <summary>[pairs, width]: what a gradient writes.</summary>
    Gradient,
}

/// <summary>The loss that a <see cref="PairKernel"/> makes of similarities.</summary>
internal abstract record PairRule
{
    /// <summary>Cross-entropies of rows, or the mean of those of rows and of columns.</summary>
    /// <param name="WithoutOwn">A row's own column is left out.</param>
    /// <param name="OwnOnly">Of the pairs' columns a row has its own alone.</param>
    /// <param name="Softness">Which part of what is right the teacher says.</param>
    public sealed record Contrast(bool BothWays, bool WithoutOwn, bool OwnOnly, double Softness) : PairRule;

    /// <summary>Logistic losses of every similarity.</summary>
    public sealed record Sigmoid : PairRule;
}

/// <summary>A loss of the similarities of pairs, of which a part at a time is in memory. It has a gradient for each side: rows are then those of that side.</summary>
/// <param name="roles">What each operand is.</param>
internal sealed class PairKernel(string name, IReadOnlyList<Operand> operands, IReadOnlyList<PairRole> roles, PairRule rule) : Kernel(name, operands)
{
    public IReadOnlyList<PairRole> Roles { get; } = roles;

    public PairRule Rule { get; } = rule;

    public bool IsGradient => Roles.Contains(PairRole.Gradient);

    public Extent Pairs => Find(PairRole.First)!.Shape.Rows;

    public int Width => Find(PairRole.First)!.Shape.Columns;

    /// <summary>Further columns.</summary>
    public Extent Queued => Find(PairRole.Queue)?.Shape.Rows ?? 0;

    /// <summary>0: there is no teacher.</summary>
    public int TeacherWidth => Find(PairRole.FirstTeacher)?.Shape.Columns ?? 0;

    private Operand? Find(PairRole role) => Roles.Select((r, i) => (Role: r, Operand: Operands[i])).FirstOrDefault(o => o.Role == role).Operand;
}

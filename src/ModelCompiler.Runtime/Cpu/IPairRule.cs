namespace ModelCompiler.Runtime.Cpu;

/// <summary>What a loss makes of one row's similarities with a block of columns. A struct without members: walks are compiled for each.</summary>
internal unsafe interface IPairRule
{
    /// <summary>Adds them to what forward keeps of the row.</summary>
    /// <param name="similarities">The row's, which may be written; behind the last, zeros up to a whole vector.</param>
    /// <param name="teacher">The teacher's, the same way; null: there is none.</param>
    static abstract void Add<V>(ref readonly PairJob job, float* similarities, float* teacher, int row)
        where V : unmanaged, ISimd<V>;

    /// <summary>Puts their gradients in their place, zeros behind the last.</summary>
    /// <param name="similarities">Those of the row, as above.</param>
    /// <param name="teacher">Those of the teacher, which may be written; null: there is none.</param>
    static abstract void Differentiate<V>(ref readonly PairJob job, float* similarities, float* teacher, int row)
        where V : unmanaged, ISimd<V>;
}

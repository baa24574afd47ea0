namespace ModelCompiler.Compiler.Layers;

/// <summary>What a tower reads; the emitted type of its inputs is named after it.</summary>
internal enum InputKind
{
    /// <summary>Pictures of one size.</summary>
    Pictures,

    /// <summary>Rows of token ids, which give a batch its length.</summary>
    Tokens,

    /// <summary>Vectors that something else has computed.</summary>
    Vectors,
}

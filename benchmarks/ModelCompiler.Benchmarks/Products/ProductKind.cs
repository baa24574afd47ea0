namespace ModelCompiler.Benchmarks.Products;

/// <summary>The three products that a linear layer trains with.</summary>
internal enum ProductKind
{
    /// <summary>Y = X W^T + b, W stored [out, in].</summary>
    Forward,

    /// <summary>dX = dY W.</summary>
    InputGradient,

    /// <summary>dW = dY^T X.</summary>
    WeightGradient,
}

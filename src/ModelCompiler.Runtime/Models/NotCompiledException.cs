namespace ModelCompiler.Runtime;

/// <summary>A model whose class has errors was used: the build said them, and something silenced it. There is a surface to compile against, and no code behind it.</summary>
public sealed class NotCompiledException(string model)
    : InvalidOperationException($"'{model}' was not compiled: something about the class or its attributes is wrong, and the build said what.");

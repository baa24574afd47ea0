namespace ModelCompiler.Ptx;

/// <summary>Text that the emulator does not know, or a thread that did what the language forbids or leaves open.</summary>
internal sealed class PtxException(string message, Exception? inner = null) : Exception(message, inner);

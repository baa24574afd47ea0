using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Optimizers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Emit.Programs;

/// <summary>
/// What a back end spells in its own way. Memory, the order of launches and their arguments are printed once, over names that every back end's
/// runtime has: a context, an engine to derive from, schedules such as <c>Attention</c> and <c>Gemm</c>.
/// </summary>
internal abstract class Dialect
{
    /// <summary>What the types of the runtime's side begin with, and the files of the emitted one: <c>Cpu</c>.</summary>
    public abstract string Device { get; }

    public string Context => Device + "Context";

    /// <summary>Accessibility of kernels and their arguments.</summary>
    public abstract string Access { get; }

    /// <summary>The type that sizes have inside kernels.</summary>
    public abstract string Integer { get; }

    /// <summary>Whether elements of a tensor are counted in 32 bits, so that the engine has to know the largest.</summary>
    public bool HasLargestTensors => Integer == "int";

    /// <summary>Whether threads have scratch memory of their own.</summary>
    public abstract bool HasWorkerScratch { get; }

    /// <summary>Name of the class that derives from the engine.</summary>
    public abstract string ProgramName(TypeSpec type);

    /// <summary>The type of a tensor inside kernels.</summary>
    public abstract string Pointer(ElementType type);

    /// <summary>The type of an element.</summary>
    public static string Element(ElementType type) => type switch
    {
        ElementType.Integer => "int",
        ElementType.BFloat16 => "BFloat16",
        _ => "float",
    };

    /// <summary>An element in arithmetic, which is in floats.</summary>
    public static string Read(ElementType type, string element) => type == ElementType.BFloat16 ? "(float)" + element : element;

    /// <summary>A tensor from an element on.</summary>
    public abstract string From(string pointer, long offset);

    /// <summary>Whether attention reads floats alone: of narrow tensors it is given copies in scratch memory.</summary>
    public abstract bool WidensAttention { get; }

    /// <summary>Whether attention's backward keeps numbers of each query in scratch memory.</summary>
    public abstract bool HasAttentionScratch { get; }

    /// <summary>What the types of attention's arguments end with.</summary>
    public abstract string AttentionSuffix(ElementType type);

    /// <summary>A tensor as attention gets it.</summary>
    public abstract string Attended(string tensor);

    /// <summary>A tensor of floats as whole numbers of the same bits: 0 is 0 in both.</summary>
    public abstract string Bits(string tensor);

    /// <summary>A size of the host inside kernels.</summary>
    public abstract string Size(string expression);

    /// <summary>The type and value of a condition inside kernels.</summary>
    public abstract (string Type, string Value) Flag(string expression);

    /// <summary>What a watch is shown of an output.</summary>
    public abstract string Shown(string name, string pointer, string count);

    /// <summary>Whether what differs from step to step is in the device's memory when the optimizer is launched; else it is among its arguments.</summary>
    public abstract bool KeepsStepNumbers { get; }

    /// <summary>One file of the program's class.</summary>
    public abstract SourceFile File(TypeSpec type, string part, string summary, bool isFirst, Action<SourceWriter> body);

    /// <summary>Writes what runs once when the assembly is loaded.</summary>
    public virtual void PrintRegistration(SourceWriter w)
    {
    }

    public abstract void Print(RowKernel kernel, SourceWriter w);

    public abstract void Print(MatMulKernel kernel, SourceWriter w);

    public abstract void Print(OptimizerRule rule, double? average, SourceWriter w);
}

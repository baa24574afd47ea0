using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Generators.Tests.Harness;
using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Classes that emitted code cannot continue, and members that it would add twice.</summary>
internal static class ClassRows
{
    private const string This = "this constructor of 'M' does not call the emitted one, which makes the model: let it call ': this(device, seed)', for example ': this(null, 0)'";

    private const string Twin = "a constructor with a device and a seed is what the emitted code adds to 'M': give yours other parameters";

    public static IReadOnlyList<Row> All { get; } =
    [
        new("MC3001", Class("public class [|M|];"), "'M' must be partial, because the emitted code continues it: declare it as 'partial class M'"),
        new("MC3001", $"class [|Outer|] {{ {Vit()} }}", "'Outer' must be partial, because the emitted code continues 'M' within it: add 'partial' to 'Outer'"),
        new("MC3001", $"struct [|Far|] {{ partial class Near {{ {Vit()} }} }}", "'Far' must be partial, because the emitted code continues 'M' within it: add 'partial' to 'Far'"),
        new("MC3002", Class("public partial record [|M|];"), "'M' is a record; a model is a plain class: declare it as 'partial class M'"),
        new("MC3002", Class("public static partial class [|M|];"), "'M' is static; a model is a plain class: declare it as 'partial class M'"),
        new("MC3002", Class("public abstract partial class [|M|];"), "'M' is abstract; a model is a plain class: declare it as 'partial class M'"),
        new("MC3002", Class("public partial class [|M|]<T>;"), "'M' is generic; a model is a plain class: declare it as 'partial class M'"),
        new("MC3002", Class("file partial class [|M|];"), "'M' is local to its file; a model is a plain class: declare it as 'partial class M'"),
        new("MC3002", $"partial class Outer<T> {{ {Class("public partial class [|M|];")} }}", "'M' is within 'Outer', which is generic; a model is a plain class: move it out of 'Outer'"),
        new("MC3002", $"file partial class Outer {{ {Class("public partial class [|M|];")} }}", "'M' is within 'Outer', which is local to its file; a model is a plain class: move it out of 'Outer'"),
        new("MC3003", Class("public partial class M { public void [|Forward|]() { } }"), "'Forward' is a member that the emitted code adds to 'M': rename yours, for example to 'MForward'"),
        new("MC3003", Class("public partial class M { public int [|Embeddings|] => 1; }"), "'Embeddings' is a member that the emitted code adds to 'M': rename yours, for example to 'MEmbeddings'"),
        new("MC3003", Class("public partial class M { public class [|BlocksAttentionParameters|]; }"), "'BlocksAttentionParameters' is a member that the emitted code adds to 'M': rename yours, for example to 'MBlocksAttentionParameters'"),
        new("MC3003", Class("public partial class M { public object [|_core|] = 1; }"), "'_core' is a member that the emitted code adds to 'M': rename yours, for example to 'M_core'"),
        new("MC3003", Class("public partial class [|Batch|];"), "'Batch' is the name of a member that the emitted code adds to the class: rename the class, for example to 'BatchModel'"),
        new("MC3003", $"public class Base {{ public void Save() {{ }} }} {Class("public partial class [|M|] : Base;")}", "'Save' is a member that the emitted code adds to 'M', and the base class 'Base' has one: rename that of 'Base'"),
        new("MC3003", Class("public partial class [|Output|];"), "'Output' is the name of a member that the emitted code adds to the class: rename the class, for example to 'OutputModel'"),
        new("MC3003", Class("public partial class [|Tokens|];"), "'Tokens' is the name of a member that the emitted code adds to the class: rename the class, for example to 'TokensModel'"),
        new("MC3003", Class("public partial class M { public [|M|](ModelCompiler.Runtime.Device? device, ulong seed) { } }"), Twin),
        new("MC3003", Class("public partial class [|M|](ModelCompiler.Runtime.Device device, ulong seed) { public object Mine => (device, seed); }"), Twin),
        new("MC3004", Class("public partial class [|M|];"), "'M' compiles to kernels that work on pointers: set <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project file")
        {
            Setting = static p => p.WithOptions(p.Options.WithAllowUnsafe(false)),
        },
        new("MC3005", Class("public partial class M { public [|M|]() { } }"), This),
        new("MC3005", Class("public partial class M { public M(int a) : this() { } public [|M|]() : base() { } }"), This),
        new("MC3005", Class("public partial class [|M|](int size) { public int Size => size; }"), This),
        new("MC3006", Class("public partial class [|M|];"), "'M' compiles to C# 13.0, but the project has C# 12.0: set <LangVersion>13.0</LangVersion> in the project file, or remove it")
        {
            Setting = static p => p.ReplaceSyntaxTree(p.SyntaxTrees[0], InMemory.Tree(Class("public partial class M;"), version: LanguageVersion.CSharp12)),
        },
        new("MC3007", $"namespace Demo {{ public class Parameter; {Class("public partial class [|M|];")} }}", Hidden("Demo.Parameter", "Parameter")),
        new("MC3007", $"public enum Device; namespace Demo {{ {Class("public partial class [|M|];")} }}", Hidden("Device", "Device")),
        new("MC3007", $"namespace Demo.Schedule {{ class Other; }} namespace Demo.Zoo {{ {Class("public partial class [|M|];")} }}", Hidden("Demo.Schedule", "Schedule")),
        new("MC3007", $"partial class Outer {{ class Pass; {Class("public partial class [|M|];")} }}", Hidden("Outer.Pass", "Pass")),
        new("MC3007", Class("public partial class M { public int Math => 1; }").Replace("class M", "class [|M|]"), Hidden("M.Math", "Math")),
        new("MC3007", $"public class Base {{ protected int Math; private int Device; }} {Class("public partial class [|M|] : Base;")}", Hidden("Base.Math", "Math")),
        new("MC3007", Class("public partial class [|Gemm|];"), Hidden("Gemm", "Gemm").Replace("'M'", "'Gemm'")),
    ];

    private static string Hidden(string nearer, string name) =>
        $"'{nearer}' hides the type '{name}' that the emitted code of 'M' uses: rename it, or move 'M' to where it is not in sight";

    private static string Class(string declaration) => Vit().Replace("public partial class M;", declaration);
}

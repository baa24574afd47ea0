using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;
using Register = ILGPU.Backends.RegisterAllocator<ILGPU.Backends.PTX.PTXRegisterKind>.Register;

namespace ModelCompiler.Gpu;

/// <summary>
/// Instructions of NVIDIA's devices from capability 8.0 on that ILGPU has no name for. All threads of a warp call <see cref="MultiplyNarrow"/>,
/// <see cref="MultiplyTf32"/> and <see cref="Fragment"/> together. Elsewhere they do nothing: kernels with them are launched on such devices alone.
/// </summary>
internal static class TensorCore
{
    /// <summary>Adds a product of 16 x 16 by 16 x 8 elements of 16 bits to 16 x 8 sums (PTX ISA, mma.m16n8k16).</summary>
    [IntrinsicImplementation]
    public static Quad MultiplyNarrow(Quad sums, Words a, uint b0, uint b1) => sums;

    /// <summary>Adds a product of 16 x 8 by 8 x 8 floats of 10 bits of mantissa to 16 x 8 sums (PTX ISA, mma.m16n8k8).</summary>
    [IntrinsicImplementation]
    public static Quad MultiplyTf32(Quad sums, Words a, uint b0, uint b1) => sums;

    /// <summary>Four matrices of 8 rows of 16 bytes, whose rows' addresses eight threads each give: thread 4 r + w gets word w of row r (PTX ISA, ldmatrix).</summary>
    [IntrinsicImplementation]
    public static Words Fragment(uint address) => default;

    /// <summary>The same of elements of 16 bits, transposed.</summary>
    [IntrinsicImplementation]
    public static Words FragmentTransposed(uint address) => default;

    /// <summary>Starts to copy 16 bytes to shared memory, or to fill them with zeros where <paramref name="bytes"/> is 0.</summary>
    [IntrinsicImplementation]
    public static void Copy(uint to, ulong from, int bytes)
    {
    }

    /// <summary>Waits for what the thread copies.</summary>
    [IntrinsicImplementation]
    public static void EndCopies()
    {
    }

    /// <summary>Ends a bundle of copies: those that the thread has started since the last.</summary>
    [IntrinsicImplementation]
    public static void Bundle()
    {
    }

    /// <summary>Waits for the thread's bundles but the latest.</summary>
    /// <param name="but">How many may still be under way: a constant.</param>
    [IntrinsicImplementation]
    public static void Await(int but)
    {
    }

    [IntrinsicImplementation]
    public static uint LoadWord(uint address) => 0;

    /// <summary>Two floats of shared memory.</summary>
    /// <param name="offset">Bytes behind the address: a constant.</param>
    [IntrinsicImplementation]
    public static Pair LoadPair(uint address, int offset) => default;

    /// <summary>Stores two floats in shared memory.</summary>
    /// <param name="offset">Bytes behind the address: a constant.</param>
    [IntrinsicImplementation]
    public static void StorePair(uint address, int offset, float first, float second)
    {
    }

    /// <summary>0 in a register: sums that begin as constants have none.</summary>
    [IntrinsicImplementation]
    public static float Zero() => 0f;

    /// <summary>Two floats rounded to 16 bits, the nearest, ties to even: <paramref name="low"/> is first in memory.</summary>
    [IntrinsicImplementation]
    public static uint Pack(float high, float low) => 0;

    /// <summary>A float rounded to 10 bits of mantissa: the product would cut them off.</summary>
    [IntrinsicImplementation]
    public static uint Round(float value) => 0;

    [IntrinsicImplementation]
    public static uint SharedAddress(ref Words words) => 0;

    [IntrinsicImplementation]
    public static ulong Address(ref float element) => 0;

    [IntrinsicImplementation]
    public static ulong NarrowAddress(ref BFloat16 element) => 0;

    /// <summary>Starts to copy 8 bytes to shared memory, or to fill them with zeros where <paramref name="bytes"/> is 0.</summary>
    [IntrinsicImplementation]
    public static void CopyPair(uint to, ulong from, int bytes)
    {
    }

    /// <summary>2^x with a relative error of 2^-22; 0 where the result is below the normal numbers. For what is rounded to 16 bits next.</summary>
    [IntrinsicImplementation]
    public static float Exp2(float x) => 0f;

    /// <summary>Makes them known to a context, before it compiles.</summary>
    public static void Register(Context context)
    {
        foreach (var method in typeof(TensorCore).GetMethods())
        {
            if (method.IsDefined(typeof(IntrinsicImplementationAttribute), inherit: false))
            {
                context.GetIntrinsicManager().RegisterMethod(method, new PTXIntrinsic(typeof(TensorCoreText), method.Name, IntrinsicImplementationMode.GenerateCode));
            }
        }
    }
}

/// <summary>The text of each instruction, under the name of its method.</summary>
internal static class TensorCoreText
{
    public static void MultiplyNarrow(PTXBackend backend, PTXCodeGenerator code, Value value) => Multiply(code, value, "m16n8k16", "bf16");

    public static void MultiplyTf32(PTXBackend backend, PTXCodeGenerator code, Value value) => Multiply(code, value, "m16n8k8", "tf32");

    public static void Fragment(PTXBackend backend, PTXCodeGenerator code, Value value) => Result(code, value, "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {0}, [{1}]");

    public static void FragmentTransposed(PTXBackend backend, PTXCodeGenerator code, Value value) => Result(code, value, "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {0}, [{1}]");

    public static void Copy(PTXBackend backend, PTXCodeGenerator code, Value value) =>
        Emit(code, $"cp.async.cg.shared.global [{Operand(code, value[0])}], [{Operand(code, value[1])}], 16, {Operand(code, value[2])}");

    public static void EndCopies(PTXBackend backend, PTXCodeGenerator code, Value value) => Emit(code, "cp.async.wait_all");

    public static void Bundle(PTXBackend backend, PTXCodeGenerator code, Value value) => Emit(code, "cp.async.commit_group");

    public static void Await(PTXBackend backend, PTXCodeGenerator code, Value value) => Emit(code, $"cp.async.wait_group {Constant(value[0])}");

    public static void LoadWord(PTXBackend backend, PTXCodeGenerator code, Value value) => Result(code, value, "ld.shared.b32 {0}, [{1}]");

    public static void LoadPair(PTXBackend backend, PTXCodeGenerator code, Value value)
    {
        var address = Operand(code, value[0]);
        Emit(code, $"ld.shared.v2.f32 {Names(code.Allocate(value))}, [{address}+{Constant(value[1])}]");
    }

    public static void StorePair(PTXBackend backend, PTXCodeGenerator code, Value value) =>
        Emit(code, $"st.shared.v2.f32 [{Operand(code, value[0])}+{Constant(value[1])}], {{{Operand(code, value[2])},{Operand(code, value[3])}}}");

    public static void Zero(PTXBackend backend, PTXCodeGenerator code, Value value) => Result(code, value, "mov.f32 {0}, 0f00000000");

    public static void Pack(PTXBackend backend, PTXCodeGenerator code, Value value) => Result(code, value, "cvt.rn.bf16x2.f32 {0}, {1}, {2}");

    public static void Round(PTXBackend backend, PTXCodeGenerator code, Value value) => Result(code, value, "cvt.rna.tf32.f32 {0}, {1}");

    public static void SharedAddress(PTXBackend backend, PTXCodeGenerator code, Value value) => Result(code, value, "cvt.u32.u64 {0}, {1}");

    public static void Address(PTXBackend backend, PTXCodeGenerator code, Value value) => Result(code, value, "mov.b64 {0}, {1}");

    public static void NarrowAddress(PTXBackend backend, PTXCodeGenerator code, Value value) => Result(code, value, "mov.b64 {0}, {1}");

    public static void CopyPair(PTXBackend backend, PTXCodeGenerator code, Value value) =>
        Emit(code, $"cp.async.ca.shared.global [{Operand(code, value[0])}], [{Operand(code, value[1])}], 8, {Operand(code, value[2])}");

    public static void Exp2(PTXBackend backend, PTXCodeGenerator code, Value value) => Result(code, value, "ex2.approx.ftz.f32 {0}, {1}");

    private static void Multiply(PTXCodeGenerator code, Value value, string shape, string type) =>
        Result(code, value, $"mma.sync.aligned.{shape}.row.col.f32.{type}.{type}.f32 {{0}}, {{2}}, {{{{{{3}},{{4}}}}}}, {{1}}");

    // {0} is the result, the others are the arguments.
    private static void Result(PTXCodeGenerator code, Value value, string text)
    {
        var operands = new List<object>();
        for (var i = 0; i < value.Count; i++)
        {
            operands.Add(Operand(code, value[i]));
        }

        operands.Insert(0, Names(code.Allocate(value)));
        Emit(code, string.Format(System.Globalization.CultureInfo.InvariantCulture, text, [.. operands]));
    }

    private static string Operand(PTXCodeGenerator code, Value value) => Names(code.Load(value));

    private static string Constant(Value value) => value.ResolveAs<PrimitiveValue>()!.Int32Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Names(Register register) => register is RegisterAllocator<PTXRegisterKind>.CompoundRegister all
        ? $"{{{string.Join(",", all.Children.Select(Names))}}}"
        : "%" + PTXRegisterAllocator.GetStringRepresentation((RegisterAllocator<PTXRegisterKind>.HardwareRegister)register);

    private static void Emit(PTXCodeGenerator code, string text)
    {
        using var command = code.BeginCommand(text);
    }
}

using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Text;
using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>
/// What a kernel reads like, whichever model it was emitted for: the instructions of its methods, with emitted types as their fields and methods instead of their names. Kernels
/// that read alike compile alike, so one of them is enough.
/// </summary>
internal sealed class KernelReading
{
    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static f => (OpCode)f.GetValue(null)!).ToDictionary(static c => c.Value);

    private readonly StringBuilder _text = new();

    // Emitted members by the order in which they were met, each written out once.
    private readonly Dictionary<MemberInfo, int> _numbers = [];
    private readonly Queue<MemberInfo> _open = [];

    private KernelReading()
    {
    }

    public static string Of(MethodInfo kernel)
    {
        var reading = new KernelReading();
        reading._text.AppendLine(reading.Name(kernel));
        while (reading._open.TryDequeue(out var member))
        {
            reading._text.Append(CultureInfo.InvariantCulture, $"{reading._numbers[member]}: ");
            if (member is Type type)
            {
                reading.Write(type);
            }
            else
            {
                reading.Write((MethodBase)member);
            }
        }

        return reading._text.ToString();
    }

    // A struct's methods are called by its interfaces, those of other classes by name.
    private void Write(Type type)
    {
        _text.AppendLine(CultureInfo.InvariantCulture, $"{type.IsValueType} {type.StructLayoutAttribute?.Value} {type.StructLayoutAttribute?.Pack} {type.StructLayoutAttribute?.Size}");
        foreach (var field in Fields(type))
        {
            _text.AppendLine(CultureInfo.InvariantCulture, $"{field.Attributes} {Name(field.FieldType)} {(field.IsLiteral ? field.GetRawConstantValue() : null)}");
        }

        if (type.IsValueType)
        {
            _text.AppendJoin(' ', type.GetInterfaces().Select(Name).Order(StringComparer.Ordinal));
            foreach (var method in type.GetMethods(Declared).OrderBy(static m => m.MetadataToken))
            {
                _text.AppendLine(CultureInfo.InvariantCulture, $"{method.Name} {Name(method)}");
            }
        }
    }

    private void Write(MethodBase method)
    {
        var body = method.GetMethodBody();
        _text.AppendLine(CultureInfo.InvariantCulture, $"{method.IsStatic} {method.MethodImplementationFlags} {(method is MethodInfo { ReturnType: var result } ? Name(result) : "")} {string.Join(' ', method.GetParameters().Select(p => Name(p.ParameterType)))}");
        if (body is null)
        {
            return;
        }

        _text.AppendJoin(' ', body.LocalVariables.Select(v => Name(v.LocalType))).AppendLine();
        var code = body.GetILAsByteArray()!;
        for (var at = 0; at < code.Length;)
        {
            var instruction = s_codes[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += instruction.Size;
            var operand = code.AsSpan(at, Bytes(instruction, code, at));
            at += operand.Length;
            _text.Append(instruction.Name).Append(' ').AppendLine(instruction.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType
                ? Name(Resolve(method, BitConverter.ToInt32(operand)))
                : instruction.OperandType == OperandType.InlineString ? method.Module.ResolveString(BitConverter.ToInt32(operand)) : Convert.ToHexString(operand));
        }
    }

    private static MemberInfo Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token, method.DeclaringType!.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null)!;

    private static int Bytes(OpCode instruction, byte[] code, int at) => instruction.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };

    private string Name(MemberInfo member) => member switch
    {
        Type type => Name(type),
        FieldInfo field => $"{Name(field.DeclaringType!)}.{Fields(Definition(field.DeclaringType!)).FindIndex(f => f.MetadataToken == field.MetadataToken)}",
        MethodBase method => $"{Name(method.DeclaringType!)}.{(IsEmitted(method.DeclaringType!) ? Number(Definition(method)) : Identity(method))}"
            + (method.IsGenericMethod ? $"<{string.Join(',', method.GetGenericArguments().Select(Name))}>" : ""),
        _ => throw new NotSupportedException($"{member} in a kernel"),
    };

    private string Name(Type type) =>
        type.IsGenericParameter ? $"!{(type.DeclaringMethod is null ? "" : "!")}{type.GenericParameterPosition}"
        : type.HasElementType ? $"{Name(type.GetElementType()!)}{(type.IsByRef ? "&" : type.IsPointer ? "*" : "[]")}"
        : (IsEmitted(type) ? Number(Definition(type)) : Identity(type)) + (type.IsGenericType ? $"<{string.Join(',', type.GetGenericArguments().Select(Name))}>" : "");

    private static string Identity(MemberInfo member) => $"{member.Name}@{member.Module.Name}/{member.MetadataToken:X}";

    private string Number(MemberInfo member)
    {
        if (_numbers.TryAdd(member, _numbers.Count))
        {
            _open.Enqueue(member);
        }

        return string.Create(CultureInfo.InvariantCulture, $"#{_numbers[member]}");
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static MethodBase Definition(MethodBase method) => method.IsGenericMethod ? ((MethodInfo)method).GetGenericMethodDefinition() : method;

    private static bool IsEmitted(Type type) => type.IsSubclassOf(typeof(GpuEngine)) || (type.DeclaringType is { } outer && IsEmitted(outer));

    private static List<FieldInfo> Fields(Type type) => [.. type.GetFields(Declared).OrderBy(static f => f.MetadataToken)];

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
}

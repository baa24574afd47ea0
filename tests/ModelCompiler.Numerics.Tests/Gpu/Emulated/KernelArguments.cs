using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ModelCompiler.Ptx.Machine;

namespace ModelCompiler.Numerics.Tests;

/// <summary>A struct of arguments as ILGPU passes it: fields at multiples of their size, a view as its address and its number of elements.</summary>
internal sealed class KernelArguments(GlobalMemory memory)
{
    private readonly List<byte> _bytes = [];

    public static byte[] Of(object arguments, GlobalMemory memory)
    {
        var written = new KernelArguments(memory);
        written.Add(arguments);
        return [.. written._bytes];
    }

    private static FieldInfo[] Fields(Type type) => [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(static f => f.MetadataToken)];

    private static int Alignment(Type type) => IsView(type) ? 8 : type.IsPrimitive || type.IsEnum ? Size(type) : Fields(type).Select(static f => Alignment(f.FieldType)).DefaultIfEmpty(1).Max();

    private static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    private static int Size(Type type) => type == typeof(bool) ? 1 : Marshal.SizeOf(type.IsEnum ? type.GetEnumUnderlyingType() : type);

    private void Add(object value)
    {
        var type = value.GetType();
        Align(Alignment(type));
        if (IsView(type))
        {
            typeof(KernelArguments).GetMethod(nameof(AddView), BindingFlags.Instance | BindingFlags.NonPublic)!.MakeGenericMethod(type.GetGenericArguments()).Invoke(this, [value]);
        }
        else if (type.IsPrimitive || type.IsEnum)
        {
            AddNumber(value);
        }
        else
        {
            var fields = Fields(type);
            foreach (var field in fields)
            {
                Add(field.GetValue(value)!);
            }

            // A struct of nothing is a byte.
            _bytes.AddRange(fields.Length == 0 ? [0] : Array.Empty<byte>());
            Align(Alignment(type));
        }
    }

    private void AddView<T>(ArrayView<T> view)
        where T : unmanaged
    {
        var source = ((IArrayView)view).Buffer;
        var start = source is null ? 0 : memory.Add(source.NativePtr, ((IContiguousArrayView)view).IndexInBytes, view.LengthInBytes);
        _bytes.AddRange(BitConverter.GetBytes(start));
        _bytes.AddRange(BitConverter.GetBytes(view.Length));
    }

    private void AddNumber(object value) => _bytes.AddRange(value switch
    {
        bool v => [(byte)(v ? 1 : 0)],
        int v => BitConverter.GetBytes(v),
        uint v => BitConverter.GetBytes(v),
        float v => BitConverter.GetBytes(v),
        long v => BitConverter.GetBytes(v),
        ulong v => BitConverter.GetBytes(v),
        Enum v => BitConverter.GetBytes(Convert.ToInt32(v, System.Globalization.CultureInfo.InvariantCulture)),
        _ => throw new NotSupportedException($"an argument of type {value.GetType()}"),
    });

    private void Align(int alignment)
    {
        while (_bytes.Count % alignment != 0)
        {
            _bytes.Add(0);
        }
    }
}

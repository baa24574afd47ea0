using CsCheck;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>What is written is read back, of every element type that is written.</summary>
public sealed class SafetensorsRoundTripTests
{
    private static readonly Gen<int[]> s_shape = Gen.Int[0, 5].Array[0, 4];

    [Fact]
    public void F32() => s_shape.SelectMany(s => Gen.Float.Array[Count(s)], static (s, v) => (s, v)).Sample(static t =>
        With(TensorType.F32, t.s, t.v, file => Assert.Equal(Array.ConvertAll(t.v, BitConverter.SingleToInt32Bits), Array.ConvertAll(file.Read("t"), BitConverter.SingleToInt32Bits))), iter: 50);

    [Fact]
    public void F16() => s_shape.SelectMany(s => Gen.UShort.Array[Count(s)], static (s, v) => (s, v: Array.ConvertAll(v, static b => (float)BitConverter.UInt16BitsToHalf(b)))).Sample(static t =>
        With(TensorType.F16, t.s, t.v, file => Assert.Equal(t.v, file.Read("t"))), iter: 50);

    [Fact]
    public void BF16() => s_shape.SelectMany(s => Gen.UShort.Array[Count(s)], static (s, v) => (s, v: Array.ConvertAll(v, static b => BitConverter.Int32BitsToSingle(b << 16)))).Sample(static t =>
        With(TensorType.BF16, t.s, t.v, file => Assert.Equal(t.v, file.Read("t"))), iter: 50);

    [Fact]
    public void F64() => s_shape.SelectMany(s => Gen.Double.Array[Count(s)], static (s, v) => (s, v)).Sample(static t =>
        With(TensorType.F64, t.s, t.v, file =>
        {
            Assert.Equal(t.v, file.ReadDoubles("t"));
            Assert.Equal(Array.ConvertAll(t.v, static v => (float)v), file.Read("t"));
        }), iter: 50);

    [Fact]
    public void I64() => s_shape.SelectMany(s => Gen.Long.Array[Count(s)], static (s, v) => (s, v)).Sample(static t =>
        With(TensorType.I64, t.s, t.v, file =>
        {
            Assert.Equal(t.v, file.ReadIntegers("t"));
            Assert.Equal(Array.ConvertAll(t.v, static v => (double)v), file.ReadDoubles("t"));
            Assert.Equal(Array.ConvertAll(t.v, static v => (float)v), file.Read("t"));
        }), iter: 50);

    [Fact]
    public void Bool() => s_shape.SelectMany(s => Gen.Bool.Array[Count(s)], static (s, v) => (s, v)).Sample(static t =>
        With(TensorType.Bool, t.s, t.v, file =>
        {
            Assert.Equal(Array.ConvertAll(t.v, static v => v ? 1L : 0), file.ReadIntegers("t"));
            Assert.Equal(Array.ConvertAll(t.v, static v => v ? 1f : 0), file.Read("t"));
        }), iter: 50);

    [Fact]
    public void Integers_that_only_others_write_are_read()
    {
        using var folder = new TemporaryFolder();
        var header = string.Join(',', SafetensorsBytes.Entry("i", "I32", "1", 0, 4), SafetensorsBytes.Entry("s", "I16", "1", 4, 6), SafetensorsBytes.Entry("b", "I8", "1", 6, 7), SafetensorsBytes.Entry("u", "U8", "1", 7, 8));
        var bytes = SafetensorsBytes.File($"{{{header}}}", 8);
        Array.Fill(bytes, (byte)0xFE, bytes.Length - 8, 8);
        using var file = new SafetensorsFile(folder.Write("i.safetensors", bytes));
        Assert.Equal([unchecked((int)0xFEFEFEFE)], file.ReadIntegers("i"));
        Assert.Equal([unchecked((short)0xFEFE)], file.ReadIntegers("s"));
        Assert.Equal([-2], file.ReadIntegers("b"));
        Assert.Equal([254], file.ReadIntegers("u"));
        Assert.Equal([254.0], file.ReadDoubles("u"));
        Assert.Equal([-2f], file.Read("b"));
    }

    [Fact]
    public void Whole_numbers_up_to_2_to_the_53rd_are_exact_as_doubles() =>
        With(TensorType.I64, [2], new[] { (1L << 53) - 1, 16_777_217 }, static file => Assert.Equal([9007199254740991.0, 16777217.0], file.ReadDoubles("t")));

    [Fact]
    public void Floats_are_not_integers() =>
        With(TensorType.F32, [1], new[] { 1f }, static file => Assert.Contains("'t' holds F32, not integers", Assert.Throws<CheckpointException>(() => file.ReadIntegers("t")).Message));

    [Fact]
    public void Any_part_of_a_tensor_can_be_read() => Gen.Select(Gen.Int[0, 40], Gen.Int[0, 40]).Sample((first, count) =>
    {
        float[] values = [.. Enumerable.Range(0, 40).Select(static i => (float)i)];
        With(TensorType.F16, [5, 8], values, file =>
        {
            var part = new float[count];
            if (first + count <= 40)
            {
                file.Read("t", first, part);
                Assert.Equal(values[first..(first + count)], part);
            }
            else
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => file.Read("t", first, part));
            }
        });
    }, iter: 100);

    [Fact]
    public void Large_elements_come_first_so_that_all_are_aligned()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["t"],
        [
            new("flags", TensorType.Bool, [3], static () => new[] { true, false, true }), new("halves", TensorType.F16, [1], static () => new[] { 0.5f }),
            new("doubles", TensorType.F64, [1], static () => new[] { 0.1 }), new("floats", [1], static () => [0.1f]),
        ]);
        using var file = new SafetensorsFile(folder["t"]);
        Assert.Equal(["doubles", "floats", "halves", "flags"], file.Tensors.Select(static t => t.Name));
        Assert.Equal([0.1], file.ReadDoubles("doubles"));
        Assert.Equal([1, 0, 1], file.ReadIntegers("flags"));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(0, BitConverter.ToInt64(File.ReadAllBytes(folder["t"])) % 8);
    }

    [Fact]
    public void What_cannot_be_read_back_is_not_written()
    {
        using var folder = new TemporaryFolder();
        TensorToWrite one = new("a", [1], static () => [1f]);
        Refused("'a': the name is reserved or there twice", one, one);
        Refused("'__metadata__': the name is reserved", one with { Name = "__metadata__" });
        Refused("'a' of shape [2] has 1 values", one with { Shape = [2] });
        Refused("'a' of type F64 cannot be written from Single[]", one with { Type = TensorType.F64 });
        Refused("'a' of type I32 cannot be written", one with { Type = TensorType.I32 });
        Refused("must be a non-negative value", one with { Shape = [-1, -1] });
        Assert.Empty(folder.Names);

        void Refused(string message, params TensorToWrite[] tensors) => Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => SafetensorsWriter.Write(folder["t"], tensors)).Message);
    }

    private static int Count(int[] shape) => shape.Aggregate(1, static (a, b) => a * b);

    private static void With(TensorType type, int[] shape, Array values, Action<SafetensorsFile> check)
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["t"], [new TensorToWrite("t", type, shape, () => values)]);
        using var file = new SafetensorsFile(folder["t"]);
        Assert.Equal(shape, file["t"].Shape);
        check(file);
    }
}

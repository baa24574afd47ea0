using ModelCompiler.Compiler.Reference;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>
/// Compares tensors of mixed precision with the interpreter's. Nearly all agree as floats do. A few hold a number that was rounded to the other
/// side, which may be a step away: they are counted.
/// </summary>
internal sealed class NarrowSteps
{
    /// <summary>Tensors compared.</summary>
    public int Tensors { get; private set; }

    /// <summary>Those in which something was rounded to the other side.</summary>
    public int Apart { get; private set; }

    public void Compare(OpProgram program, InterpreterResult expected, OpResult actual, double tolerance, string what)
    {
        foreach (var (output, values) in expected.Outputs)
        {
            Compare(values, actual.Outputs[output], tolerance, $"{what}: {output}", output == "loss" ? program.LossScale : Tolerances.Floor);
        }

        foreach (var (key, values) in expected.Gradients)
        {
            Compare(values, actual.Gradients[key], tolerance, $"{what}: gradient of {key.Parameter.Name} of layer {key.Layer}", Tolerances.Floor);
        }
    }

    /// <summary>One tensor in twenty may be apart.</summary>
    public void AreFew() => Assert.True(Apart * 20 <= Tensors, $"{Apart} of {Tensors} tensors differ from the interpreter's by more than floats do");

    private void Compare(double[] expected, float[] actual, double tolerance, string what, double scale)
    {
        var values = Array.ConvertAll(actual, static v => (double)v);
        Tensors++;
        if (Comparison.Of(expected, values, tolerance, what, scale) is not null)
        {
            Apart++;
            Assert.Null(Comparison.Of(expected, values, Tolerances.NarrowStep, what, scale));
        }
    }
}

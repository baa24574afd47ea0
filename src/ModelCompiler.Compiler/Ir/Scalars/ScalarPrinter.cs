using System.Globalization;

namespace ModelCompiler.Compiler.Ir.Scalars;

/// <summary>
/// Formulas as stable text: <c>x[row, c]</c> is an element, <c>mean[row]</c> one value a row, <c>bias[c]</c> one a column; what the kernel
/// computed before stands under its name, the sum of a product as <c>sum</c>.
/// </summary>
/// <param name="operands">Names of the operands.</param>
internal sealed class ScalarPrinter(IReadOnlyList<string> operands)
{
    public string Print(Scalar scalar) => scalar switch
    {
        Scalar.Constant s => s.Value.ToString("R", CultureInfo.InvariantCulture),
        Scalar.Call s => Call(s),
        Scalar.Read s => $"{operands[s.Operand]}[{Print(s.Row)}, c]",
        Scalar.ReadRow s => $"{operands[s.Operand]}[{Print(s.Row)}]",
        Scalar.ReadAt s => $"{operands[s.Operand]}[{Print(s.Row)}, {Print(s.Column)}]",
        Scalar.ReadColumn s => $"{operands[s.Operand]}[c]",
        Scalar.RowLocal s => s.Name,
        Scalar.Accumulator => "sum",
        Scalar.OneHot s => $"(c == {Print(s.Column)})",
        Scalar.Keep s => $"keep(site {s.Site}, p {s.Probability.ToString("R", CultureInfo.InvariantCulture)}, {Print(s.Row)})",
        Scalar.ByRow s => $"({Print(s.Left)} < {Print(s.Right)} ? {Print(s.Below)} : {Print(s.Otherwise)})",
        Scalar.Fold s => $"{(s.IsMax ? "greatest" : "fold")}(step < {Print(s.Count)}: {Print(s.Body)})",
        _ => throw new InvalidOperationException($"no text for {scalar.GetType().Name}"),
    };

    public string Print(Position position) => position switch
    {
        Position.RowIndex => "row",
        Position.StepIndex => "step",
        Position.Constant p => p.Value.ToString(CultureInfo.InvariantCulture),
        Position.Size p => p.Extent.IsConstant ? p.Extent.ToString() : $"({p.Extent})",
        Position.Element p => $"{operands[p.Operand]}[{Print(p.At)}]",
        Position.Binary p => $"({Print(p.Left)} {p.Symbol} {Print(p.Right)})",
        _ => throw new InvalidOperationException("no such position"),
    };

    private string Call(Scalar.Call call)
    {
        var arguments = call.Arguments.Select(Print).ToArray();
        return call.Function.Infix is { } infix ? $"({arguments[0]} {infix} {arguments[1]})" : $"{call.Function.Name}({string.Join(", ", arguments)})";
    }
}

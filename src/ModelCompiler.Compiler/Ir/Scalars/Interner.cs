using System.Globalization;

namespace ModelCompiler.Compiler.Ir.Scalars;

/// <summary>Makes equal formulas one object, so that printers can see what is shared.</summary>
internal sealed class Interner
{
    private readonly Dictionary<string, Scalar> _byKey = [];
    private readonly Dictionary<Scalar, string> _ids = [];

    public Scalar Intern(Scalar scalar)
    {
        if (_ids.ContainsKey(scalar))
        {
            return scalar;
        }

        var canonical = scalar switch
        {
            Scalar.Call s => new Scalar.Call(s.Function, [.. s.Arguments.Select(Intern)]),
            Scalar.ByRow s => new Scalar.ByRow(s.Left, s.Right, Intern(s.Below), Intern(s.Otherwise)),
            Scalar.Fold s => new Scalar.Fold(s.Count, Intern(s.Body), s.IsMax),
            _ => scalar,
        };
        var key = Key(canonical);
        if (!_byKey.TryGetValue(key, out var known))
        {
            _byKey.Add(key, known = canonical);
            _ids.Add(known, Number(_ids.Count));
        }

        return known;
    }

    /// <summary>A text that equal positions share.</summary>
    public static string Key(Position position) => position switch
    {
        Position.RowIndex => "row",
        Position.StepIndex => "step",
        Position.Constant c => Number(c.Value),
        Position.Size s => s.Extent.ToString(),
        Position.Element e => $"#{e.Operand}[{Key(e.At)}]",
        Position.Binary b => $"({Key(b.Left)}{b.Symbol}{Key(b.Right)})",
        _ => throw new InvalidOperationException("no such position"),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private string Key(Scalar scalar) => scalar switch
    {
        Scalar.Constant s => s.Value.ToString("R", CultureInfo.InvariantCulture),
        Scalar.Call s => $"{s.Function.Name}({string.Join(",", s.Arguments.Select(a => _ids[a]))})",
        Scalar.Read s => $"read {s.Operand} {Key(s.Row)}",
        Scalar.ReadRow s => $"row {s.Operand} {Key(s.Row)}",
        Scalar.ReadAt s => $"at {s.Operand} {Key(s.Row)} {Key(s.Column)}",
        Scalar.ReadColumn s => $"column {s.Operand}",
        Scalar.RowLocal s => $"local {s.Name}",
        Scalar.Accumulator => "accumulator",
        Scalar.OneHot s => $"onehot {Key(s.Column)}",
        Scalar.Keep s => $"keep {s.Site} {s.Probability.ToString("R", CultureInfo.InvariantCulture)} {s.Columns} {Key(s.Row)}",
        Scalar.ByRow s => $"{Key(s.Left)}<{Key(s.Right)}?{_ids[s.Below]}:{_ids[s.Otherwise]}",
        Scalar.Fold s => $"{(s.IsMax ? "greatest" : "fold")} {Key(s.Count)} {_ids[s.Body]}",
        _ => throw new InvalidOperationException($"no key for {scalar.GetType().Name}"),
    };
}

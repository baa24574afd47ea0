using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Emit.Gpu;

/// <summary>
/// Prints formulas as C# over single floats: one element of one thread. What several formulas share becomes a local.
/// </summary>
/// <param name="operand">How an operand's view is written.</param>
/// <param name="key">How the key of a dropout site is written.</param>
/// <param name="columns">Floats of a row that is read column by column.</param>
/// <param name="column">The thread's column; <c>0</c> for formulas of a whole row.</param>
/// <param name="stem">What the names of locals begin with: printers whose text shares a scope need different ones.</param>
internal sealed class FormulaPrinter(
    IReadOnlyList<Operand> operands, Func<int, string> operand, Func<int, string> key, string row, string columns, string column, string stem = "t")
{
    private readonly Interner _interner = new();
    private readonly Dictionary<Scalar, int> _uses = [];
    private readonly Dictionary<Scalar, string> _locals = [];
    private int _number;

    /// <summary>The formulas of one loop, in the order in which they will be printed; returns them with shared parts made one.</summary>
    public IReadOnlyList<Scalar> Share(IEnumerable<Scalar> formulas)
    {
        var shared = formulas.Select(_interner.Intern).ToArray();
        foreach (var formula in shared)
        {
            Count(formula);
        }

        return shared;
    }

    /// <summary>Writes the loads and shared parts: every element is read before any is written.</summary>
    public void Shared(SourceWriter w, IEnumerable<Scalar> formulas)
    {
        foreach (var formula in formulas)
        {
            Shared(w, formula);
        }
    }

    /// <summary>The formula as an expression.</summary>
    public string Print(Scalar scalar) => Print(scalar, 0);

    private void Count(Scalar scalar)
    {
        _uses[scalar] = _uses.TryGetValue(scalar, out var uses) ? uses + 1 : 1;
        if (uses == 0)
        {
            foreach (var child in scalar.Children)
            {
                Count(child);
            }
        }
    }

    private void Shared(SourceWriter w, Scalar scalar)
    {
        if (_locals.ContainsKey(scalar) || scalar is Scalar.Constant or Scalar.RowLocal)
        {
            return;
        }

        if (scalar is Scalar.Fold fold)
        {
            PrintFold(w, fold);
            return;
        }

        // Only one branch of a condition on the row may be evaluated: its parts stay inside it.
        if (scalar is not Scalar.ByRow)
        {
            foreach (var child in scalar.Children)
            {
                Shared(w, child);
            }
        }

        if (scalar is Scalar.Read or Scalar.Keep || (_uses[scalar] > 1 && scalar.Children.Count > 0))
        {
            var text = Print(scalar);
            var name = $"{stem}{++_number}";
            w.Line($"var {name} = {text};");
            _locals.Add(scalar, name);
        }
    }

    private void PrintFold(SourceWriter w, Scalar.Fold fold)
    {
        var name = $"{stem}{++_number}";
        w.Line($"var {name} = {(fold.IsMax ? "float.NegativeInfinity" : "0f")};");
        w.Line($"var {name}Steps = {Print(fold.Count)};");
        using (w.Block($"for (var step = 0; step < {name}Steps; step++)"))
        {
            w.Line(fold.IsMax ? $"{name} = DeviceMath.Max({Print(fold.Body)}, {name});" : $"{name} += {Print(fold.Body)};");
        }

        _locals.Add(fold, name);
    }

    private string Print(Scalar scalar, int precedence)
    {
        if (_locals.TryGetValue(scalar, out var local))
        {
            return local;
        }

        return scalar switch
        {
            Scalar.Constant s => Names.Float(s.Value),
            Scalar.Call s => PrintCall(s, precedence),
            Scalar.RowLocal s => Names.Camel(s.Name),
            Scalar.Accumulator => "value",
            Scalar.Read s => column == "0" ? At(s.Operand, s.Row, "0") : Element(s.Operand, $"[({Print(s.Row)} * {columns}) + {column}]"),
            Scalar.ReadRow s => Element(s.Operand, $"[{Print(s.Row)}]"),
            Scalar.ReadAt s => At(s.Operand, s.Row, Print(s.Column)),
            Scalar.ReadColumn s => Element(s.Operand, $"[{column}]"),
            Scalar.OneHot s => $"({Print(s.Column)} == {column} ? 1f : 0f)",
            Scalar.Keep s => $"{key(s.Site)}.Keep(((long){Print(s.Row)} * {Names.Number(s.Columns)}) + {(s.Columns == 1 ? "0" : column)})",
            Scalar.ByRow s => $"({Print(s.Left)} < {Print(s.Right)} ? {Print(s.Below, 0)} : {Print(s.Otherwise, 0)})",
            _ => throw new InvalidOperationException($"no text for {scalar.GetType().Name}"),
        };
    }

    private string PrintCall(Scalar.Call s, int precedence)
    {
        var own = s.Function == Intrinsic.Add || s.Function == Intrinsic.Subtract ? 1
            : s.Function == Intrinsic.Multiply || s.Function == Intrinsic.Divide ? 2
            : s.Function == Intrinsic.Negate ? 3 : 0;
        var isInfix = own > 0;

        // Two signs in a row would be another operator.
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, s.Function.Gpu,
            [.. s.Arguments.Select((x, i) => (object)Print(x, isInfix ? own + (i > 0 || own == 3 ? 1 : 0) : 0))]);

        // A mix of + and * reads better with brackets than with precedence.
        return isInfix && (own < precedence || (precedence > 0 && own != precedence)) ? $"({text})" : text;
    }

    private string At(int number, Position position, string at) => operands[number].Shape.Count == Extent.One
        ? Element(number, "[0]")
        : Element(number, $"[({Print(position)} * {Size(operands[number].Shape.LastExtent)}) + {at}]");

    private string Element(int number, string index) => Dialect.Read(operands[number].Type, operand(number) + index);

    /// <summary>A size within a kernel's body.</summary>
    public static string Size(Extent extent) =>
        extent.IsConstant ? Names.Number(extent.Factor) : $"({extent.OfOneLength.ToString().Replace("batch", "a.Batch").Replace("length", "a.Length")})";

    private string Print(Position position) => position switch
    {
        Position.RowIndex => row,
        Position.StepIndex => "step",
        Position.Constant c => Names.Number(c.Value),
        Position.Size s => Size(s.Extent),
        Position.Element e => $"{operand(e.Operand)}[{Print(e.At)}]",
        Position.Binary { Symbol: '/' } b when PowerOfTwo(b.Right) is { } bits => $"({Print(b.Left)} >> {bits})",
        Position.Binary { Symbol: '%' } b when PowerOfTwo(b.Right) is { } bits => $"({Print(b.Left)} & {(1 << bits) - 1})",
        Position.Binary b => $"({Print(b.Left)} {b.Symbol} {Print(b.Right)})",
        _ => throw new InvalidOperationException("no such position"),
    };

    // ILGPU divides by a power of two with an arithmetic shift anyway: positions are never negative, and the text says what happens.
    private static int? PowerOfTwo(Position position)
    {
        var value = position switch { Position.Constant c => c.Value, Position.Size { Extent: { IsConstant: true } e } => e.Factor, _ => 0 };
        for (var bits = 0; bits < 31; bits++)
        {
            if (value == 1L << bits)
            {
                return bits;
            }
        }

        return null;
    }
}

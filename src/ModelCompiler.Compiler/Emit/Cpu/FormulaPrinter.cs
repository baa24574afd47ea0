using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Emit.Cpu;

/// <summary>
/// Prints formulas as C#: over a vector type <c>V</c> inside a loop over columns, or over single floats for a whole row.
/// What several formulas share becomes a local; what is the same for the row becomes a vector before the loop.
/// </summary>
/// <param name="operand">How an operand's pointer is written.</param>
/// <param name="column">The loop's column; null prints single floats at column 0.</param>
/// <param name="columns">Floats of a row that is read column by column, as a long.</param>
/// <param name="count">Number of valid lanes; null where every vector is full.</param>
/// <param name="stem">What the names of locals begin with: printers whose text shares a scope need different ones.</param>
internal sealed class FormulaPrinter(
    IReadOnlyList<Operand> operands, Func<int, string> operand, Func<int, string> key, string row, string columns, string? column, string? count, string stem = "t")
{
    private readonly Interner _interner = new();
    private readonly Dictionary<Scalar, int> _uses = [];
    private readonly Dictionary<Scalar, string> _locals = [];
    private readonly Dictionary<string, string> _pointers = [];
    private readonly Dictionary<string, string> _conditions = [];
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

    /// <summary>Writes what stands before the loop: pointers to rows, conditions on the row, and spread values.</summary>
    public void Prelude(SourceWriter w, IEnumerable<Scalar> formulas, ISet<string> taken)
    {
        if (column is null)
        {
            return;
        }

        foreach (var formula in formulas)
        {
            Prelude(w, formula, taken, isInFold: false);
        }
    }

    /// <summary>Writes the loads and shared parts of the loop's body: every element is read before any is written.</summary>
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

    private void Prelude(SourceWriter w, Scalar scalar, ISet<string> taken, bool isInFold)
    {
        if (scalar.IsOfRow() && !isInFold)
        {
            if (scalar is not Scalar.Constant { Value: 0 } && !_locals.ContainsKey(scalar))
            {
                var name = Unique(scalar is Scalar.RowLocal local ? Names.Camel(local.Name) + "All" : "row" + ++_number, taken);
                w.Line($"var {name} = V.Create({new FormulaPrinter(operands, operand, key, row, columns, null, null).Print(scalar)});");
                _locals.Add(scalar, name);
            }

            return;
        }

        switch (scalar)
        {
            case Scalar.Read s when !isInFold:
                var pointer = PointerKey(s.Operand, s.Row);
                if (!_pointers.ContainsKey(pointer))
                {
                    var name = Unique(Names.Camel(operands[s.Operand].Name), taken);
                    w.Line($"var {name} = {Pointer(s.Operand, s.Row)};");
                    _pointers.Add(pointer, name);
                }

                break;
            case Scalar.ByRow s when !isInFold:
                var condition = $"{Print(s.Left)} < {Print(s.Right)}";
                if (!_conditions.ContainsKey(condition))
                {
                    var name = Unique("isBelow" + ++_number, taken);
                    w.Line($"var {name} = {condition};");
                    _conditions.Add(condition, name);
                }

                break;
        }

        foreach (var child in scalar.Children)
        {
            Prelude(w, child, taken, isInFold || scalar is Scalar.Fold);
        }
    }

    private void Shared(SourceWriter w, Scalar scalar)
    {
        if (_locals.ContainsKey(scalar) || scalar is Scalar.Constant or Scalar.RowLocal || (column is not null && scalar.IsOfRow()))
        {
            return;
        }

        // Only one branch of a condition on the row may be evaluated: its parts stay inside it.
        if (scalar is Scalar.Fold fold)
        {
            PrintFold(w, fold);
            return;
        }

        if (scalar is not Scalar.ByRow)
        {
            foreach (var child in scalar.Children)
            {
                Shared(w, child);
            }
        }

        var isLoad = scalar is Scalar.Read or Scalar.Keep && column is not null;
        if (isLoad || (_uses[scalar] > 1 && scalar.Children.Count > 0))
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
        w.Line($"var {name} = {(fold.IsMax ? column is null ? "float.NegativeInfinity" : "V.Create(float.NegativeInfinity)" : column is null ? "0f" : "V.Zero")};");
        using (w.Block($"for (long step = 0, steps = {Print(fold.Count)}; step < steps; step++)"))
        {
            w.Line(fold.IsMax ? $"{name} = {(column is null ? "MathF" : "V")}.Max({name}, {Print(fold.Body)});" : $"{name} += {Print(fold.Body)};");
        }

        _locals.Add(fold, name);
    }

    private string Print(Scalar scalar, int precedence)
    {
        if (_locals.TryGetValue(scalar, out var local))
        {
            return local;
        }

        if (column is not null && scalar.IsOfRow() && scalar is not Scalar.Constant { Value: 0 })
        {
            return $"V.Create({new FormulaPrinter(operands, operand, key, row, columns, null, null).Print(scalar)})";
        }

        return scalar switch
        {
            Scalar.Constant s => column is null ? Names.Float(s.Value) : "V.Zero",
            Scalar.Call s => PrintCall(s, precedence),
            Scalar.RowLocal s => Names.Camel(s.Name),
            Scalar.Accumulator => "value",
            Scalar.Read s => column is null ? At(s.Operand, s.Row, "0") : Load(_pointers.TryGetValue(PointerKey(s.Operand, s.Row), out var p) ? p : Pointer(s.Operand, s.Row)),
            Scalar.ReadRow s => Element(s.Operand, $"[{Print(s.Row)}]"),
            Scalar.ReadAt s => At(s.Operand, s.Row, Print(s.Column)),
            Scalar.ReadColumn s => column is null ? Element(s.Operand, "[0]") : Load(operand(s.Operand)),
            Scalar.OneHot s => column is null ? $"({Print(s.Column)} == 0 ? 1f : 0f)" : $"Lane.OneHot<V>({Print(s.Column)} - {column})",
            Scalar.Keep s => column is null
                ? $"{key(s.Site)}.Keep({Print(s.Row)} * {Names.Number(s.Columns)}L)"
                : $"V.Keep(in {key(s.Site)}, ({Print(s.Row)} * {Names.Number(s.Columns)}L) + {column})",
            Scalar.ByRow s => $"({(_conditions.TryGetValue($"{Print(s.Left)} < {Print(s.Right)}", out var c) ? c : $"{Print(s.Left)} < {Print(s.Right)}")} ? {Print(s.Below, 0)} : {Print(s.Otherwise, 0)})",
            _ => throw new InvalidOperationException($"no text for {scalar.GetType().Name}"),
        };
    }

    private string PrintCall(Scalar.Call s, int precedence)
    {
        var a = s.Arguments;
        if (column is not null && s.Function == Intrinsic.Add && Product(a[0]) is { } left)
        {
            return $"V.MultiplyAdd({Print(left.Arguments[0], 0)}, {Print(left.Arguments[1], 0)}, {Print(a[1], 0)})";
        }

        if (column is not null && s.Function == Intrinsic.Add && Product(a[1]) is { } right)
        {
            return $"V.MultiplyAdd({Print(right.Arguments[0], 0)}, {Print(right.Arguments[1], 0)}, {Print(a[0], 0)})";
        }

        var own = s.Function == Intrinsic.Add || s.Function == Intrinsic.Subtract ? 1
            : s.Function == Intrinsic.Multiply || s.Function == Intrinsic.Divide ? 2
            : s.Function == Intrinsic.Negate ? 3 : 0;
        var spelling = column is null ? s.Function.CpuRow : s.Function.Cpu;
        var isInfix = own > 0;

        // Two signs in a row would be another operator.
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, spelling,
            [.. a.Select((x, i) => (object)Print(x, isInfix ? own + (i > 0 || own == 3 ? 1 : 0) : spelling.StartsWith("1f", StringComparison.Ordinal) ? 4 : 0))]);
        var needs = isInfix ? own < precedence : precedence > 0 && spelling.StartsWith("1f", StringComparison.Ordinal);

        // A mix of + and * reads better with brackets than with precedence.
        return needs || (isInfix && precedence > 0 && own != precedence) ? $"({text})" : text;
    }

    // A product that nothing else uses can go into the addition.
    private Scalar.Call? Product(Scalar scalar) =>
        scalar is Scalar.Call call && call.Function == Intrinsic.Multiply && !_locals.ContainsKey(scalar) && !scalar.IsOfRow() ? call : null;

    private string Load(string pointer) => count is null ? $"V.Load({pointer} + {column})" : $"V.Load({pointer} + {column}, {count})";

    private string Pointer(int number, Position position) => $"{operand(number)} + ({Print(position)} * {columns})";

    private string PointerKey(int number, Position position) => $"{number} {Interner.Key(position)}";

    private string At(int number, Position position, string at) => operands[number].Shape.Count == Ir.Graphs.Extent.One
        ? Element(number, "[0]")
        : Element(number, $"[({Print(position)} * {Size(operands[number].Shape.LastExtent)}) + {at}]");

    private string Element(int number, string index) => Dialect.Read(operands[number].Type, operand(number) + index);

    /// <summary>A size within a kernel's body.</summary>
    public static string Size(Ir.Graphs.Extent extent) =>
        extent.IsConstant ? Names.Number(extent.Factor) + "L" : $"({extent.OfOneLength.ToString().Replace("batch", "a.Batch").Replace("length", "a.Length")})";

    private string Print(Position position) => position switch
    {
        Position.RowIndex => row,
        Position.StepIndex => "step",
        Position.Constant c => Names.Number(c.Value) + "L",
        Position.Size s => Size(s.Extent),
        Position.Element e => $"{operand(e.Operand)}[{Print(e.At)}]",
        Position.Binary b => $"({Print(b.Left)} {b.Symbol} {Print(b.Right)})",
        _ => throw new InvalidOperationException("no such position"),
    };

    private static string Unique(string name, ISet<string> taken)
    {
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
        {
            unique = name + i;
        }

        return unique;
    }
}

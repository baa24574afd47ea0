namespace ModelCompiler.Compiler.Ir.Scalars;

/// <summary>A function of scalars that every back end can spell: a row of the table that keeps back ends agreed on the mathematics.</summary>
internal sealed class Intrinsic
{
    public static readonly Intrinsic Add = new("add", "{0} + {1}", "{0} + {1}", "{0} + {1}", static a => a[0] + a[1]);
    public static readonly Intrinsic Subtract = new("subtract", "{0} - {1}", "{0} - {1}", "{0} - {1}", static a => a[0] - a[1]);
    public static readonly Intrinsic Multiply = new("multiply", "{0} * {1}", "{0} * {1}", "{0} * {1}", static a => a[0] * a[1]);
    public static readonly Intrinsic Divide = new("divide", "{0} / {1}", "{0} / {1}", "{0} / {1}", static a => a[0] / a[1]);
    public static readonly Intrinsic Negate = new("negate", "-{0}", "-{0}", "-{0}", static a => -a[0]);
    public static readonly Intrinsic Max = new("max", "V.Max({0}, {1})", "MathF.Max({0}, {1})", "DeviceMath.Max({0}, {1})", static a => Math.Max(a[0], a[1]));
    public static readonly Intrinsic Abs = new("abs", "V.Abs({0})", "MathF.Abs({0})", "MathF.Abs({0})", static a => Math.Abs(a[0]));
    public static readonly Intrinsic Sqrt = new("sqrt", "V.Sqrt({0})", "MathF.Sqrt({0})", "MathF.Sqrt({0})", static a => Math.Sqrt(a[0]));
    public static readonly Intrinsic Exp = new("exp", "V.Exp({0})", "MathF.Exp({0})", "DeviceMath.Exp({0})", static a => Math.Exp(a[0]));
    public static readonly Intrinsic Log = new("log", "V.Log({0})", "MathF.Log({0})", "DeviceMath.Log({0})", static a => Math.Log(a[0]));
    public static readonly Intrinsic Tanh = new("tanh", "V.Tanh({0})", "MathF.Tanh({0})", "DeviceMath.Tanh({0})", static a => Math.Tanh(a[0]));
    public static readonly Intrinsic Sigmoid = new("sigmoid", "V.Sigmoid({0})", "1f / (1f + MathF.Exp(-{0}))", "DeviceMath.Sigmoid({0})", static a => Sigma(a[0]));
    public static readonly Intrinsic Erf = new("erf", "V.Erf({0})", "ScalarMath.Erf({0})", "DeviceMath.Erf({0})", static a => SpecialFunctions.Erf(a[0]));

    /// <summary>x Phi(x) and its slope have fast forms of their own on vector units.</summary>
    public static readonly Intrinsic Gelu = new("gelu", "V.Gelu({0})", "ScalarMath.Gelu({0})", "DeviceMath.Gelu({0})", static a => a[0] * SpecialFunctions.NormalCdf(a[0]));

    public static readonly Intrinsic GeluSlope = new("gelu_slope", "V.GeluSlope({0})", "ScalarMath.GeluSlope({0})", "DeviceMath.GeluSlope({0})",
        static a => SpecialFunctions.NormalCdf(a[0]) + (a[0] * Math.Exp(-0.5 * a[0] * a[0]) / Math.Sqrt(2 * Math.PI)));

    public static readonly Intrinsic GeluTanh = new("gelu_tanh", "V.GeluTanh({0})", "ScalarMath.GeluTanh({0})", "DeviceMath.GeluTanh({0})", static a => 0.5 * a[0] * (1 + Math.Tanh(GeluArgument(a[0]))));

    public static readonly Intrinsic GeluTanhSlope = new("gelu_tanh_slope", "V.GeluTanhSlope({0})", "ScalarMath.GeluTanhSlope({0})", "DeviceMath.GeluTanhSlope({0})", static a =>
    {
        var t = Math.Tanh(GeluArgument(a[0]));
        return (0.5 * (1 + t)) + (0.5 * a[0] * (1 - (t * t)) * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * a[0] * a[0])));
    });

    /// <summary>a &gt; b ? x : y.</summary>
    public static readonly Intrinsic Where = new("where", "V.Where({0}, {1}, {2}, {3})", "({0} > {1} ? {2} : {3})", "({0} > {1} ? {2} : {3})", static a => a[0] > a[1] ? a[2] : a[3]);

    private Intrinsic(string name, string cpu, string cpuRow, string gpu, Func<double[], double> evaluate) => (Name, Cpu, CpuRow, Gpu, Evaluate) = (name, cpu, cpuRow, gpu, evaluate);

    public string Name { get; }

    /// <summary>Spelling over a vector type V; arguments by number.</summary>
    public string Cpu { get; }

    /// <summary>Spelling over single floats.</summary>
    public string CpuRow { get; }

    /// <summary>Spelling over single floats in a kernel of a GPU.</summary>
    public string Gpu { get; }

    /// <summary>The operator between two arguments; null for functions.</summary>
    public string? Infix => Name switch { "add" => "+", "subtract" => "-", "multiply" => "*", "divide" => "/", _ => null };

    /// <summary>The value in double precision: what the interpreter computes.</summary>
    public Func<double[], double> Evaluate { get; }

    public override string ToString() => Name;

    private static double Sigma(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double GeluArgument(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));
}

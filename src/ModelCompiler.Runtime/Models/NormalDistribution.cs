namespace ModelCompiler.Runtime;

/// <summary>The inverse of the standard normal distribution function.</summary>
internal static class NormalDistribution
{
    /// <summary>The z that a standard normal number is below with probability <paramref name="p"/> (Wichura 1988, AS 241, PPND7: seven digits).</summary>
    /// <param name="p">Between 1e-11 and 1 - 1e-11.</param>
    public static double Quantile(double p)
    {
        var q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var r = 0.180625 - (q * q);
            return q * ((((((59.109374720 * r) + 159.29113202) * r) + 50.434271938) * r) + 3.3871327179)
                / ((((((67.187563600 * r) + 78.757757664) * r) + 17.895169469) * r) + 1);
        }

        var s = Math.Sqrt(-Math.Log(q < 0 ? p : 1 - p)) - 1.6;
        var z = ((((((0.17023821103 * s) + 1.3067284816) * s) + 2.7568153900) * s) + 1.4234372777)
            / ((((0.12021132975 * s) + 0.73700164250) * s) + 1);
        return q < 0 ? -z : z;
    }
}

namespace ModelCompiler.Numerics.Tests;

/// <summary>The linter of OpenCL C sees what it is there for.</summary>
[Trait("suite", "gpu")]
public sealed class OpenClRulesTests
{
    [Theory]
    [InlineData("typedef generic float* type_1;", "nobody knows what it points to")]
    [InlineData("work_group_barrier (CLK_LOCAL_MEM_FENCE);", "version 1.2 lacks")]
    [InlineData("x = sub_group_shuffle(y, 1);", "version 1.2 lacks")]
    [InlineData("barrier ( CLK_GLOBAL_MEM_FENCE );", "does not order local memory")]
    [InlineData("\nlocal float* shared_var_1;", "outside the kernel")]
    [InlineData("atomic_fetch_add ((atomic_int*)var1, 1);", "atomics")]
    [InlineData("var1 = (long)((long) var2 *  (long)3528531795);", "as if they had signs")]
    [InlineData("double var1;", "double")]
    [InlineData("half var1;", "half")]
    [InlineData("var1 = native_exp(var2);", "own function")]
    [InlineData("var1 = tanh(var2);", "own function")]
    public void A_violation_is_seen(string source, string message) => Assert.Contains(OpenClRules.Broken(source), b => b.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("\tlocal float shared_var_1[64];")]
    [InlineData("barrier ( CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE );")]
    [InlineData("var1 = (int)((int) var2 *  (int)1000000000);")]
    [InlineData("var1 = (long)((ulong) var2 *  (ulong)3528531795);")]
    [InlineData("var1 = sqrt(var2) + fabs(var3);")]
    public void What_is_allowed_is_not_complained_of(string source) => Assert.Empty(OpenClRules.Broken(source));
}

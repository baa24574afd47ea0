namespace ModelCompiler.Numerics.Tests;

/// <summary>The linter of PTX sees what it is there for.</summary>
[Trait("suite", "gpu")]
public sealed class PtxRulesTests
{
    /// <summary>A violation, and what is said of it.</summary>
    public static TheoryData<string, string> Violations => new()
    {
        { ".extern .func (.param .b32 r) __nv_fmaf(.param .b32 a);", "no library" },
        { "\tcall (r), Helper, (a);", "inlined" },
        { "\t@%p1 call Helper;", "inlined" },
        { ".local .align 4 .b8 depot[16];", "memory instead of registers" },
        { "\t@%p1 bra.uni\tL_1;", "uniform" },
        { "\tadd.f64\t%fd1, %fd2, %fd3;", "double" },
        { "\tcvt.rn.f64.u32\t%fd1, %r1;", "double" },
        { "\tmul.f16\t%h1, %h2, %h3;", "half precision" },
        { "\tfma.rn.f16x2\t%r1, %r2, %r3, %r4;", "half precision" },
        { "\tld.f32\t%f1, [%rd1];", "nobody knows" },
        { "\t@%p1 st.v4.b32\t[%rd1], {%r1,%r2,%r3,%r4};", "nobody knows" },
        { "\tex2.approx.ftz.f32\t%f1, %f2;", "approximation" },
        { "\trcp.approx.ftz.f32\t%f1, %f2;\n\tmma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%f1}, {%r1}, {%r2}, {%f1};", "approximation" },
        { "\tmax.f32\t%f1, %f2, %f3;", "NaN" },
        { "\t.shared .align 4 .b8 a[49156];", "49156 bytes of shared memory" },
        { Loop("st.shared.f32 [%rd1], %f1;", "bar.sync 0;", "bar.sync 0;", "ld.shared.f32 %f2, [%rd2];"), "behind the last barrier" },
        { Loop("st.shared.f32 [%rd1], %f1;", "bar.sync 0;", "bar.sync 0;", "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r1,%r2,%r3,%r4}, [%r5];"), "behind the last barrier" },
        { Loop("bar.sync 0;", "@%p2 bra L_2;", "ld.shared.f32 %f2, [%rd2];", "\n\tL_2:"), "behind the last barrier" },
    };

    [Theory, MemberData(nameof(Violations))]
    public void A_violation_is_seen(string ptx, string message) => Assert.Contains(PtxRules.Broken(ptx), b => b.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("st.shared.f32 [%rd1], %f1;", "bar.sync 0;", "ld.shared.f32 %f2, [%rd2];", "bar.sync 0;")]
    [InlineData("ld.shared.f32 %f2, [%rd2];", "add.f32 %f1, %f1, %f2;", "sub.s32 %r1, %r1, 1;", "")]
    [InlineData("@%p2 bra L_2;", "ld.shared.f32 %f2, [%rd2];", "\n\tL_2:", "bar.sync 0;")]
    public void What_is_allowed_is_not_complained_of(string first, string second, string third, string fourth) => Assert.Empty(PtxRules.Broken(Loop(first, second, third, fourth)));

    [Fact]
    public void Powers_of_2_may_be_approximate_before_they_are_multiplied_in_16_bits() => Assert.Empty(
        PtxRules.Broken("\tex2.approx.ftz.f32\t%f1, %f2;\n\tmma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%f3}, {%r1}, {%r2}, {%f3};"));

    [Theory]
    [InlineData("\tld.global.v4.f32\t{%f1,%f2,%f3,%f4}, [%rd1];", true)]
    [InlineData("\tcp.async.cg.shared.global [%r1], [%rd1], 16, %r2;", true)]
    [InlineData("\tld.global.f32\t%f1, [%rd1];", false)]
    [InlineData("\tld.shared.v4.f32\t{%f1,%f2,%f3,%f4}, [%r1];", false)]
    [InlineData("\tcp.async.ca.shared.global [%r1], [%rd1], 4, %r2;", false)]
    public void Whether_four_floats_are_read_at_once_is_seen(string ptx, bool isSo) => Assert.Equal(isSo ? [] : ["reads one float where there are four"], PtxRules.Broken(ptx, hasQuads: true));

    // The body of an if may stand behind the loop that it belongs to.
    [Fact]
    public void A_block_that_stands_elsewhere_belongs_to_its_loop()
    {
        Assert.Empty(PtxRules.Broken(Apart("L_2")));
        Assert.NotEmpty(PtxRules.Broken(Apart("L_1")));

        static string Apart(string back) => $"\n\tL_1:\n\t@%p1 bra L_4;\n\t@%p2 bra L_3;\n\n\tL_2:\n\tbar.sync 0;\n\tbra L_1;\n\n\tL_3:\n\tld.shared.f32 %f2, [%rd2];\n\tbra {back};\n\n\tL_4:\n\tret;\n";
    }

    [Fact]
    public void A_function_before_the_kernel_is_no_part_of_its_loops() => Assert.Empty(PtxRules.Broken(
        "\n.func Draw_1()\n{\n\tret;\n}\n.visible .entry Kernel_Body()\n{" + Loop("st.shared.f32 [%rd1], %f1;", "bar.sync 0;", "ld.shared.f32 %f2, [%rd2];", "bar.sync 0;")));

    private static string Loop(params string[] body) => $"\n\tL_0:\n\tsetp.ge.s32 %p1, %r1, %r2;\n\t@%p1 bra L_1;\n\t{string.Join("\n\t", body)}\n\tbra L_0;\n\n\tL_1:\n\tret;\n";
}

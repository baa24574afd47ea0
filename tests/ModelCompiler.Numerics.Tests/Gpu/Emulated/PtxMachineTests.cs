using ModelCompiler.Ptx;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The emulator of PTX gives known answers, and finds what it watches for.</summary>
[Trait("suite", "gpu")]
public sealed class PtxMachineTests
{
    private static readonly uint[] s_numbers = [.. Enumerable.Range(0, 64).Select(static i => (uint)i)];

    /// <summary>Instructions from %r1 (3), %r2 (-7 as an integer), %f1 (1.5), %f2 (-0.75), and the bits of their result.</summary>
    public static TheoryData<string, uint> Answers => new()
    {
        { "add.s32 %r3, %r1, %r2;", unchecked((uint)-4) },
        { "mul.lo.s32 %r3, %r1, %r2;", unchecked((uint)-21) },
        { "mul.hi.s32 %r3, %r1, %r2;", uint.MaxValue },
        { "mad.lo.s32 %r3, %r1, %r2, 1;", unchecked((uint)-20) },
        { "div.s32 %r3, %r2, %r1;", unchecked((uint)-2) },
        { "rem.s32 %r3, %r2, %r1;", unchecked((uint)-1) },
        { "shr.s32 %r3, %r2, 1;", unchecked((uint)-4) },
        { "shr.u32 %r3, %r2, 31;", 1 },
        { "shl.b32 %r3, %r1, 32;", 0 },
        { "popc.b32 %r3, %r2;", 30 },
        { "clz.b32 %r3, %r1;", 30 },
        { "setp.lt.u32 %p1, %r1, %r2; selp.b32 %r3, 5, 6, %p1;", 5 },
        { "setp.lt.s32 %p1, %r1, %r2; selp.b32 %r3, 5, 6, %p1;", 6 },
        { "add.f32 %r3, %f1, %f2;", 0x3F400000 },
        { "fma.rn.f32 %r3, %f1, %f2, 0f3F800000;", 0xBE000000 },
        { "min.f32 %r3, %f1, 0f7FC00000;", 0x3FC00000 },
        { "mov.f32 %f3, 0f7FC00000; setp.ne.f32 %p1, %f3, %f1; selp.b32 %r3, 5, 6, %p1;", 6 },
        { "mov.f32 %f3, 0f7FC00000; setp.neu.f32 %p1, %f3, %f1; selp.b32 %r3, 5, 6, %p1;", 5 },
        { "cvt.rzi.s32.f32 %r3, %f2;", 0 },
        { "cvt.rni.s32.f32 %r3, %f1;", 2 },
        { "cvt.rn.f32.s32 %r3, %r2;", 0xC0E00000 },
        { "cvt.rn.bf16x2.f32 %r3, %f1, %f2;", 0x3FC0BF40 },
        { "mov.f32 %f3, 0f3F801000; cvt.rna.tf32.f32 %r3, %f3;", 0x3F802000 },
        { "ex2.approx.f32 %r3, %f1;", 0x403504F3 },
        { "rsqrt.approx.f32 %r3, 0f40800000;", 0x3F000000 },
        { "mul.ftz.f32 %r3, 0f00400000, 0f7F000000;", 0 },
        { "mul.f32 %r3, 0f00400000, 0f7F000000;", 0x3F800000 },
        { "mul.ftz.f32 %r3, %f1, 0f80400000;", 0x80000000 },
        { "fma.rn.ftz.f32 %r3, 0f7F000000, 0f00400000, %f1;", 0x3FC00000 },
        { "sub.ftz.f32 %r3, 0f00800000, 0f00800001;", 0x80000000 },
        { "mov.f32 %f3, 0f80400000; rcp.approx.ftz.f32 %r3, %f3;", 0xFF800000 },
        { "mov.f32 %f3, 0f00400000; rcp.approx.f32 %r3, %f3;", 0x7F000000 },
        { "lg2.approx.ftz.f32 %r3, 0f00400000;", 0xFF800000 },
        { "setp.gt.ftz.f32 %p1, 0f00400000, 0f00000000; selp.b32 %r3, 5, 6, %p1;", 6 },
        { "cvt.rpi.ftz.s32.f32 %r3, 0f00400000;", 0 },
        { "cvt.rpi.s32.f32 %r3, 0f00400000;", 1 },
        { "mov.b64 %rd8, {%r1, %r2}; mov.b64 {%r4, %r3}, %rd8;", unchecked((uint)-7) },
        { "mov.u32 %r3, 1; @%p1 mov.u32 %r3, 2;", 1 },
        { "st.shared.b32 [%rd6], %r1; atom.shared.add.u32 %r4, [%rd6], 4; ld.shared.b32 %r3, [%rd6];", 7 },
        { "cvta.shared.u64 %rd8, %rd6; st.b32 [%rd8], %r1; ld.shared.b32 %r3, [%rd6];", 3 },
    };

    [Theory, MemberData(nameof(Answers))]
    public void An_instruction_gives_what_is_known(string instructions, uint expected) => Assert.Equal(
        expected, PtxText.Run($"setp.ne.s32 %p1, 0, 0; mov.u32 %r1, 3; mov.u32 %r2, -7; mov.f32 %f1, 0f3FC00000; mov.f32 %f2, 0fBF400000; {instructions} st.global.b32 [%rd2], %r3;", 1, [0], 1)[0]);

    /// <summary>What thread 5 of 32 gets, of which each has its number.</summary>
    [Theory]
    [InlineData("shfl.sync.idx.b32 %r2, %r0, 9, 31, -1;", 9)]
    [InlineData("shfl.sync.up.b32 %r2, %r0, 2, 0, -1;", 3)]
    [InlineData("shfl.sync.up.b32 %r2|%p1, %r0, 6, 0, -1;", 5)]
    [InlineData("shfl.sync.down.b32 %r2, %r0, 4, 31, -1;", 9)]
    [InlineData("shfl.sync.bfly.b32 %r2, %r0, 16, 31, -1;", 21)]
    [InlineData("shfl.sync.bfly.b32 %r2, %r0, 2, 0x1C03, -1;", 7)]
    [InlineData("redux.sync.add.u32 %r2, %r0, -1;", 496)]
    [InlineData("setp.lt.u32 %p1, %r0, 3; vote.sync.ballot.b32 %r2, %p1, -1;", 7)]
    public void Threads_of_a_warp_tell_each_other(string instructions, uint expected) => Assert.Equal(expected, PtxText.Run($"{instructions} st.global.b32 [%rd5], %r2;", 32, [0], 32)[5]);

    [Fact]
    public void Threads_that_parted_meet_before_they_tell_each_other()
    {
        var results = PtxText.Run("""
            setp.lt.u32 %p1, %r0, 7;
            mov.u32 %r1, 1;
            @%p1 bra L_2;
            L_1:
            redux.sync.add.u32 %r2, %r1, -1;
            st.global.b32 [%rd5], %r2;
            ret;
            L_2:
            mov.u32 %r1, 100;
            bra L_1;
            """, 32, [0], 32);
        Assert.All(results, static r => Assert.Equal(725u, r));
    }

    /// <summary>What is forbidden, and what is said of it.</summary>
    [Theory]
    [InlineData("st.shared.b32 [%rd7], %r0; ld.shared.b32 %r1, [%rd6];", "a race")]
    [InlineData("st.shared.b32 [%rd6], %r0;", "a race")]
    [InlineData("ld.shared.b32 %r1, [%rd7];", "nobody wrote")]
    [InlineData("setp.lt.u32 %p1, %r0, 7; @%p1 bar.sync 0;", "has ended")]
    [InlineData("setp.lt.u32 %p1, %r0, 7; @%p1 bra L_1; bar.sync 0; bra L_2; L_1: bar.sync 0; L_2:", "wait at")]
    [InlineData("ld.global.v2.f32 {%f1, %f2}, [%rd4];", "no multiple")]
    [InlineData("ld.global.f32 %f1, [%rd4+256];", "out of all arrays")]
    [InlineData("add.u64 %rd7, %rd6, 1024; st.shared.b32 [%rd7], %r0;", "in no variable")]
    [InlineData("setp.lt.u32 %p1, %r0, 7; @%p1 bra L_1; redux.sync.add.u32 %r1, %r0, -1; L_1: bar.sync 0;", "do not come")]
    [InlineData("cp.async.ca.shared.global [%rd7], [%rd4], 4; ld.shared.b32 %r1, [%rd7];", "waited for the copy")]
    [InlineData("cp.async.ca.shared.global [%rd7], [%rd4], 4; cp.async.commit_group; cp.async.wait_group 1; ld.shared.b32 %r1, [%rd7];", "waited for the copy")]
    [InlineData("setp.lt.u32 %p1, %r0, 7; @%p1 bra.uni L_1; L_1:", "threads 0 and 7 part at")]
    [InlineData("and.b32 %r1, %r0, 1; T: .branchtargets L_1, L_2; brx.idx.uni %r1, T; L_1: mov.u32 %r2, 1; L_2: mov.u32 %r2, 2;", "threads 0 and 1 part at")]
    [InlineData("bfind.u32 %r1, %r0;", "not known")]
    public void What_is_forbidden_is_found(string body, string message) => Assert.Contains(message, Assert.Throws<PtxException>(() => PtxText.Run(body, 64, s_numbers, 64)).Message);

    /// <summary>What two groups may not do in one launch, in whatever order they run.</summary>
    [Theory]
    [InlineData("st.global.b32 [%rd5], %r0;", "group 1 writes byte 0 of an array, which group 0 wrote")]
    [InlineData("@%p1 st.global.b32 [%rd5], %r0; ld.global.b32 %r2, [%rd5];", "group 1 reads byte 0 of an array, which group 0 wrote")]
    [InlineData("@%p1 ld.global.b32 %r2, [%rd5]; @!%p1 st.global.b32 [%rd5], %r0;", "group 1 writes byte 0 of an array, which group 0 read")]
    [InlineData("@%p1 st.global.b16 [%rd5+2], %rs1; @!%p1 red.global.add.u32 [%rd5], 1;", "group 1 writes byte 2 of an array, which group 0 wrote")]
    [InlineData("red.global.add.u32 [%rd5], 1; @!%p1 ld.global.b32 %r2, [%rd5];", "group 1 reads byte 0 of an array, which others wrote")]
    [InlineData("@%p1 st.global.b32 [%rd5], %r0; @!%p1 cp.async.ca.shared.global [%rd7], [%rd5], 4;", "group 1 reads byte 0 of an array, which group 0 wrote")]
    public void Groups_that_race_are_found(string body, string message) =>
        Assert.Contains(message, Assert.Throws<PtxException>(() => PtxText.Run($"mov.u32 %r1, %ctaid.x; setp.eq.u32 %p1, %r1, 0; {body}", 1, s_numbers, 64, groups: 2)).Message);

    [Fact]
    public void Groups_may_add_up_read_and_write_what_is_their_own()
    {
        var results = PtxText.Run("""
            mov.u32 %r1, %ctaid.x;
            red.global.add.u32 [%rd2], 1;
            ld.global.b32 %r2, [%rd1+12];
            mul.wide.u32 %rd8, %r1, 4;
            add.u64 %rd8, %rd2, %rd8;
            st.global.b32 [%rd8+4], %r2;
            ld.global.b32 %r2, [%rd8+4];
            add.u32 %r2, %r2, %r1;
            st.global.b32 [%rd8+4], %r2;
            """, 1, s_numbers, 4, groups: 3);
        Assert.Equal([3u, 3u, 4u, 5u], results);
    }

    // A has ones in its first row, B its row in every column: row 0 of D is the sum of the rows. Thread 0 has elements (0, 0), (0, 1), (8, 0), (8, 1).
    [Theory]
    [InlineData("m16n8k8.row.col.f32.tf32.tf32.f32", "0f3F800FFF", "cvt.rn.f32.u32 %f5, %r3; add.u32 %r4, %r3, 4; cvt.rn.f32.u32 %f6, %r4;", 28f)]
    [InlineData("m16n8k16.row.col.f32.bf16.bf16.f32", "0f3F803F80", "add.u32 %r4, %r3, %r3; cvt.rn.f32.u32 %f5, %r4; add.f32 %f6, %f5, 0f3F800000; cvt.rn.bf16x2.f32 %f7, %f6, %f5; add.f32 %f5, %f5, 0f41000000; add.f32 %f6, %f6, 0f41000000; cvt.rn.bf16x2.f32 %f6, %f6, %f5; mov.b32 %f5, %f7;", 120f)]
    public void Matrices_are_multiplied(string shape, string one, string b, float expected)
    {
        var results = PtxText.Run($$"""
            shr.u32 %r2, %r0, 2; and.b32 %r3, %r0, 3;
            setp.eq.u32 %p1, %r2, 0;
            selp.b32 %f1, {{one}}, 0, %p1; mov.f32 %f2, 0f00000000;
            {{b}}
            mov.f32 %f10, 0f3F800000;
            mma.sync.aligned.{{shape}} {%f20, %f21, %f22, %f23}, {%f1, %f2, %f1, %f2}, {%f5, %f6}, {%f10, %f10, %f10, %f10};
            st.global.b32 [%rd5], %f20; st.global.b32 [%rd5+128], %f22;
            """, 32, [0], 64);
        Assert.All(results[..4], r => Assert.Equal(expected + 1, BitConverter.UInt32BitsToSingle(r)));
        Assert.All(results[4..], static r => Assert.Equal(1f, BitConverter.UInt32BitsToSingle(r)));
    }

    // Row r of a matrix holds 8 r to 8 r + 7; thread 5 has elements 2 and 3 of row 1, or of column 1.
    [Theory]
    [InlineData("", (11u << 16) | 10)]
    [InlineData(".trans", (25u << 16) | 17)]
    public void Matrices_are_loaded(string transposed, uint expected) => Assert.Equal(expected, PtxText.Run($$"""
        mul.lo.u32 %r1, %r0, 2; mad.lo.u32 %r2, %r1, 65536, %r1; add.u32 %r2, %r2, 65536;
        st.shared.b32 [%rd7], %r2; bar.sync 0;
        and.b32 %r3, %r0, 7; mul.wide.u32 %rd8, %r3, 16; add.u64 %rd8, %rd6, %rd8; cvt.u32.u64 %r4, %rd8;
        ldmatrix.sync.aligned.m8n8.x1{{transposed}}.shared.b16 {%r5}, [%r4];
        st.global.b32 [%rd5], %r5;
        """, 32, [0], 32)[5]);

    [Theory]
    [InlineData("st.shared.b32 [%rd7], %r0; bar.sync 0; ld.shared.b32 %r1, [%rd6+20];", 5)]
    [InlineData("cp.async.ca.shared.global [%rd7], [%rd4], 4; cp.async.commit_group; cp.async.wait_group 0; bar.sync 0; ld.shared.b32 %r1, [%rd6+12];", 3)]
    [InlineData("cp.async.ca.shared.global [%rd7], [%rd4], 4, 0; cp.async.wait_all; ld.shared.b32 %r1, [%rd7];", 0)]
    [InlineData("and.b32 %r2, %r0, 32; st.shared.b32 [%rd7], %r2; bar.warp.sync -1; mul.wide.u32 %rd8, %r2, 4; add.u64 %rd8, %rd6, %rd8; ld.shared.b32 %r1, [%rd8+16]; sub.s32 %r1, %r1, %r2;", 0)]
    public void What_is_in_order_is_let_pass(string body, uint expected) => Assert.All(PtxText.Run($"{body} st.global.b32 [%rd5], %r1;", 64, s_numbers, 64), v => Assert.Equal(expected, v));
}

namespace ModelCompiler.Generators.Tests.Building;

/// <summary>What users see: the compiler of the SDK, on projects that import our properties, says every mistake at its file, line and column.</summary>
public sealed class BuildTests
{
    private const string Vit = "[VisionTransformer(ImageSize = 32, PatchSize = 8, Width = 64, Depth = 2, Heads = 4), Classification(Classes = 3)]";

    // Signatures name types of every class, so that a missing one would keep the compiler from asking the analyzer.
    private const string Uses = """
        public static class Uses
        {
            static double A(Wide m, Wide.Batch b) => m.TrainStep(b);
            static float[] B(Writes m, Writes.Tokens t, Writes.Output o) => o.Logits;
            static double C(Two m, Two.Batch b, Two.Pictures p) => m.TrainStep(b);
            static void D(Clash m, Clash.Batch b) { }
            static void E(Tokens m, Tokens.Batch b) { }
            static void F(Part m, Part.Batch b) { }
            static void G(Skips m, Skips.Batch b) { }
            static void H(Primary m, Primary.Batch b) { }
            static void I(Hiding.Looks m, Hiding.Looks.Batch b) { }
        }
        """;

    [Fact, Trait("suite", "slow")]
    public void Mistakes_of_classes_are_said()
    {
        using var project = new BuiltProject();
        project.Write("Attributes.cs", """
            using ModelCompiler;
            [VisionTransformer(ImageSize = 32, PatchSize = 8, Width = {|MC1003:100|}, Depth = 2, Heads = 12), Classification(Classes = 3)]
            public partial class Wide;

            [{|MC1001:TransformerDecoder|}(Vocabulary = 11, Context = 6, Depth = 1, Heads = 2)]
            [CausalLanguageModel]
            public partial class Writes;

            [VisionTransformer(ImageSize = 32, PatchSize = 8, Width = 64, Depth = 2, Heads = 4)]
            [{|MC2001:TransformerDecoder|}(Vocabulary = 11), Classification(Classes = 3)]
            public partial class Two;

            [TransformerEncoder(Vocabulary = {|MC1010:9|}, Tokenizer = "words", Context = 6, Width = 8, Depth = 1, Heads = 2)]
            [MaskedLanguageModel]
            public partial class Reads;
            """);
        project.Write("words/vocab.txt", string.Concat(Enumerable.Range(0, 10).Select(static i => $"t{i}\n")));
        project.Write("Classes.cs", $$"""
            using ModelCompiler;
            {{Vit}} public partial class Clash
            {
                public int {|MC3003:Forward|};
                public void {|MC3003:Save|}(string text) { }
                public class {|MC3003:Pictures|};
            }
            {{Vit}} public partial class {|MC3003:Tokens|};
            {{Vit}} public partial class Part { public int {|MC3003:Blocks|} => 1; }
            {{Vit}} public partial class Skips { public {|MC3005:Skips|}() { } }
            {{Vit}} public partial class {|MC3005:Primary|}(int size) { public int Size => size; }

            namespace Hiding
            {
                namespace Parameter { class Other; }
                {{Vit}} public partial class {|MC3007:Looks|};
            }
            """);
        project.Write("Uses.cs", Uses);
        Assert.Equal(project.Marks, project.Errors());
    }

    [Fact, Trait("suite", "slow")]
    public void What_no_code_can_continue_is_said_beside_what_C_sharp_misses()
    {
        using var project = new BuiltProject();
        project.Write("Attributes.cs", $$"""
            using ModelCompiler;
            {{Vit}} public class {|MC3001,MC3004,MC3006:Plain|};
            {{Vit}} public partial record {|MC3002,MC3004,MC3006:Kept|};
            [Classification(Classes = 3)] public partial class {|MC2002,MC3004,MC3006:Shapeless|};

            public static class Uses
            {
                static void A(Plain m, Plain.{|CS0426:Batch|} b) { }
                static void B(Kept m, Kept.{|CS0426:Batch|} b) { }
                static void C(Shapeless m, Shapeless.{|CS0426:Batch|} b) { }
            }
            """);
        Assert.Equal(project.Marks, project.Errors("-p:AllowUnsafeBlocks=false", "-p:LangVersion=12"));
    }

    // The compiler sees the files that a tokenizer is named by, and the program has them beside itself with those they need.
    [Fact, Trait("suite", "slow")]
    public void Files_of_tokenizers_are_handed_to_the_compiler_and_copied()
    {
        using var project = new BuiltProject();
        foreach (var name in new[] { "vocab.txt", "gpt/vocab.json", "gpt/merges.txt", "llama/tokenizer.json", "bin/vocab.txt", "obj/vocab.txt", "notes.txt" })
        {
            project.Write(name, "");
        }

        Assert.Equal(["gpt/vocab.json", "llama/tokenizer.json", "vocab.txt"], project.Items("AdditionalFiles"));
        Assert.Equal(["gpt/merges.txt", "gpt/vocab.json", "llama/tokenizer.json", "vocab.txt"], project.Items("None", static i => i.TryGetProperty("CopyToOutputDirectory", out var copies) && copies.GetString() == "PreserveNewest"));
    }

    // Which programs a model gets is decided by this reference alone.
    [Fact, Trait("suite", "slow")]
    public void A_project_references_the_library_for_GPUs_only_if_it_asks()
    {
        using var plain = new BuiltProject();
        using var asking = new BuiltProject("<ModelCompilerGpu>true</ModelCompilerGpu>");
        Assert.Equal(["ModelCompiler.Generators", "ModelCompiler.Runtime"], plain.References());
        Assert.Equal(["ModelCompiler.Generators", "ModelCompiler.Runtime", "ModelCompiler.Gpu"], asking.References());
    }
}

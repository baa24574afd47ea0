using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Where two towers meet: similarities, loss and gradients of features that the reference was given, and the limit of a learned scale.</summary>
public sealed class PairLossTests
{
    private static readonly Dictionary<string, (CompositionAttribute Space, PairObjectiveAttribute[] Objectives)> s_cases = new()
    {
        ["losses/infonce-learned"] = (Space(SimilarityScale.Learned), [new ContrastiveAttribute()]),
        ["losses/infonce-fixed"] = (Space(SimilarityScale.Fixed), [new ContrastiveAttribute()]),
        ["losses/siglip"] = (Sigmoid, [new PairwiseSigmoidAttribute()]),
        ["losses/siglip-trained"] = (Sigmoid, [new PairwiseSigmoidAttribute()]),
        ["losses/multi-positive-ids"] = (Space(SimilarityScale.LearnedTemperature), [new ContrastiveAttribute { ByIds = true }]),
        ["losses/clip-distillation"] = (Space(SimilarityScale.Learned), [new ContrastiveAttribute(), new SimilarityDistillationAttribute { TeacherWidth = 16, TeacherScale = 20 }]),
        ["losses/vse-sum"] = (Space(SimilarityScale.None), [new TripletAttribute()]),
        ["losses/vse-hardest"] = (Space(SimilarityScale.None), [new TripletAttribute { Hardest = true }]),
        ["vsepp/loss-sum"] = (Space(SimilarityScale.None), [new TripletAttribute()]),
        ["vsepp/loss-max"] = (Space(SimilarityScale.None), [new TripletAttribute { Hardest = true }]),
    };

    // Ours and the references' names of parameters and inputs.
    private static readonly Dictionary<string, string[]> s_names = new()
    {
        ["image"] = ["im"],
        ["text"] = ["s"],
        [JointSpace.Temperature] = ["temp"],
        ["image_teacher"] = ["dist_image"],
        ["text_teacher"] = ["dist_text"],
        [ContrastiveLoss.Ids] = ["idx"],
    };

    public static TheoryData<string> Cases => new(s_cases.Keys);

    [Theory, MemberData(nameof(Cases))]
    public void Pairs_have_the_reference_s_loss_and_gradients(string name)
    {
        var (space, objectives) = s_cases[name];
        Check(name, m =>
        {
            var sides = new[] { "image", "text" }.Select(side => new MeetingSide(side, m.Graph.Normalize(Tensor(m, name, side)))).ToArray();
            JointSpace.Meet(m, space, sides[0], sides[1], objectives);
        });
    }

    [Fact]
    public void Several_right_captions_a_picture_have_the_reference_s_loss_and_gradients() => Check("losses/multi-positive-captions", static m =>
    {
        const string Name = "losses/multi-positive-captions";
        var (images, texts) = (m.Graph.Normalize(Tensor(m, Name, "image")), m.Graph.Normalize(Tensor(m, Name, "text")));
        var (pictures, owners) = (m.Input("pictures", Shape.Of(("picture", 4))), m.Input("image_of_text", Shape.Of(("text", 8))));
        var scaled = m.Graph.Scale(images, 1 / 0.07);
        m.Graph.Output("loss", m.Graph.Add(
            m.Graph.MatchCrossEntropy(m.Graph.MatMul(scaled, texts, false, true, "logits"), pictures, owners, m.Input("of_4", Shape.Scalar)),
            m.Graph.MatchCrossEntropy(m.Graph.MatMul(texts, scaled, false, true, "turned"), owners, pictures, m.Input("of_8", Shape.Scalar))));
    }, new() { ["pictures"] = [0, 1, 2, 3], ["of_4"] = [0.5 / 4], ["of_8"] = [0.5 / 8] });

    [Fact]
    public void Samples_of_one_label_have_the_reference_s_loss_and_gradients() => Check("losses/supervised-contrastive", static m =>
        m.Graph.Output("loss", SupervisedContrastiveLoss.Of(m, new SupervisedContrastiveAttribute(), Tensor(m, "losses/supervised-contrastive", "embedding"))), new() { ["labels_scale"] = [1 / 8.0] });

    [Fact]
    public void A_queue_s_negatives_have_the_reference_s_loss_and_gradients() => Check("losses/infonce-queue", static m =>
    {
        const string Name = "losses/infonce-queue";
        var (query, key) = (m.Graph.Scale(m.Graph.Normalize(Tensor(m, Name, "query")), 1 / 0.07), m.Input("key", Shape.Of(("pair", 5), ("width", 16))));
        m.Graph.Output("loss", m.Graph.KeyContrast(query, key, m.Input("pairs_scale", Shape.Scalar), Queue(m, "queue", 12), ownOnly: true));
    });

    [Fact]
    public void Soft_targets_of_a_momentum_model_and_queues_have_the_reference_s_loss_and_gradients() => Check("losses/soft-targets", static m =>
    {
        const string Name = "losses/soft-targets";
        var scale = m.Graph.ReciprocalScale(Tensor(m, Name, JointSpace.Temperature), 1e6);
        var loss = new[] { ("image", "text"), ("text", "image") }.Select(side => OneWay(side.Item1, side.Item2)).Aggregate(m.Graph.Add);
        m.Graph.Output("loss", m.Graph.Scale(loss, 0.5));

        Value OneWay(string from, string to)
        {
            var (own, keys) = (m.Graph.ScaleBy(m.Graph.Normalize(Tensor(m, Name, from)), scale), Given(to + "_m"));
            var teacher = m.Graph.ScaleBy(Given(from + "_m"), scale);
            return m.Graph.KeyContrast(own, keys, m.Input("pairs_scale", Shape.Scalar), Queue(m, to + "_queue", 8), false, 0.4, teacher, keys);
        }

        Value Given(string name) => m.Input(name, Shape.Of(("pair", 5), ("width", 16)));
    });

    // Pairs that match lose by a smaller scale, pairs that do not by a greater one: only the latter may move a scale that is at its limit.
    [Theory]
    [InlineData(SimilarityScale.Learned, 3.5, 1, 0)]
    [InlineData(SimilarityScale.Learned, 3.5, -1, 1)]
    [InlineData(SimilarityScale.LearnedTemperature, 0.03, 1, 0)]
    [InlineData(SimilarityScale.LearnedTemperature, 0.03, -1, -1)]
    public void A_scale_at_its_limit_only_comes_back(SimilarityScale scale, double value, int sign, int moves)
    {
        var options = new ClipAttribute<object, object> { Embedding = 2, Scale = scale, ScaleLimit = 20 };
        double[] image = [1, 0, 0, 1], text = [sign, 0.2, 0.2, sign];
        var gradient = Run(options, new ContrastiveAttribute(), 2, 2, parameter => parameter switch { "image" => image, "text" => text, _ => [value] }).Gradients.Single(static g => g.Key.Parameter.Name is JointSpace.LogitScale or JointSpace.Temperature).Value[0];
        Assert.Equal(moves, Math.Sign(gradient));
    }

    [Theory]
    [InlineData(SimilarityScale.Learned, 1.0, 1, -1)]
    [InlineData(SimilarityScale.Learned, 1.0, -1, 0)]
    [InlineData(SimilarityScale.LearnedTemperature, 0.5, 1, 1)]
    [InlineData(SimilarityScale.LearnedTemperature, 0.5, -1, 0)]
    public void A_scale_at_its_floor_only_comes_back(SimilarityScale scale, double value, int sign, int moves)
    {
        var options = new ClipAttribute<object, object> { Embedding = 2, Scale = scale, ScaleLimit = 20, ScaleFloor = 5 };
        double[] image = [1, 0, 0, 1], text = [sign, 0.2, 0.2, sign];
        var result = Run(options, new ContrastiveAttribute(), 2, 2, parameter => parameter switch { "image" => image, "text" => text, _ => [value] });
        Assert.Equal(moves, Math.Sign(result.Gradients.Single(static g => g.Key.Parameter.Name is JointSpace.LogitScale or JointSpace.Temperature).Value[0]));
        var fixedAtFloor = Run(new ClipAttribute<object, object> { Embedding = 2, Scale = SimilarityScale.Fixed, Temperature = 0.2 }, new ContrastiveAttribute(), 2, 2, parameter => parameter == "image" ? image : text);
        Assert.Equal(fixedAtFloor.Outputs["loss"][0], result.Outputs["loss"][0], 1e-12);
    }

    // Equally great ones share the 1 that one of them would get.
    [Fact]
    public void Equally_hard_negatives_share_the_gradient()
    {
        double[] image = [1, 0, 0.6, 0.8, 0.6, 0.8], text = [1, 0, 0.8, 0.6, 0.8, 0.6];
        var gradient = Run(Space(SimilarityScale.None), new TripletAttribute { Hardest = true }, 3, 2, parameter => parameter == "image" ? image : text).Gradients.Single(static g => g.Key.Parameter.Name == "text").Value;
        Assert.Null(Comparison.Of(gradient[2..4], gradient[4..6], Tolerances.Double(3), "the gradient of the second text"));
        Assert.NotEqual(0, gradient[2]);
    }

    private static CompositionAttribute Sigmoid => new ClipAttribute<object, object> { Embedding = 16, ScaleLimit = 0, Bias = true };

    private static CompositionAttribute Space(SimilarityScale scale) => new ClipAttribute<object, object> { Embedding = 16, Scale = scale, Temperature = 0.07, ScaleLimit = 1e6 };

    private static void Check(string name, Action<ModelBuilder> build, Dictionary<string, double[]>? inputs = null)
    {
        var (features, given, outputs, gradients) = (Stored(name, "features"), Stored(name, "inputs"), Stored(name, "outputs"), Stored(name, "gradients"));
        var m = new ModelBuilder(isTraining: true, new PartNames([]));
        build(m);
        var program = Lower.Run(ModelPrograms.Optimize(m.Graph.Build(), Pass.Train, recompute: false), fuse: true);
        var pairs = features.First().Value.Shape[0];
        var result = KernelInterpreter.Run(program, new InterpreterData(pairs, 1,
            input => inputs?.GetValueOrDefault(input) ?? (input == "pairs_scale" ? [1.0 / pairs] : Find(given, input)!.Value.Values), (parameter, _) => Find(features, parameter.Name)!.Value.Values));
        Assert.Null(Comparison.Of(outputs["loss"].Values, result.Outputs["loss"], Tolerances.Stored, "loss", Tolerances.StoredFloor));
        Assert.Equal(gradients.Count, result.Gradients.Count);
        foreach (var ((parameter, _), values) in result.Gradients)
        {
            Assert.Null(Comparison.Of(Find(gradients, parameter.Name)!.Value.Values, values, Tolerances.Stored, parameter.Name, Tolerances.StoredFloor));
        }
    }

    // The references' queues have a column for each key.
    private static Value Queue(ModelBuilder m, string queue, int keys) => m.Graph.Transpose(m.Input(queue, Shape.Of(("width", 16), ("key", keys))));

    private static Value Tensor(ModelBuilder m, string name, string parameter) =>
        m.Parameter(parameter, Find(Stored(name, "features"), parameter)!.Value.Shape is { Length: > 0 } shape ? shape : [1], ParameterKind.Weight, new Initializer.Constant(0));

    private static (int[] Shape, double[] Values)? Find(Dictionary<string, (int[] Shape, double[] Values)> tensors, string name) =>
        new[] { name }.Concat(s_names.GetValueOrDefault(name, [])).Where(tensors.ContainsKey).Select(n => tensors[n]).Cast<(int[], double[])?>().FirstOrDefault();

    private static Dictionary<string, (int[] Shape, double[] Values)> Stored(string name, string file)
    {
        var path = Path.Combine(Folders.Root, "tests", "Golden", name, file + ".safetensors");
        if (!File.Exists(path))
        {
            return [];
        }

        using var tensors = new SafetensorsFile(path);
        return tensors.Tensors.ToDictionary(static t => t.Name, t => (t.Shape, tensors.ReadDoubles(t.Name)));
    }

    private static InterpreterResult Run(CompositionAttribute options, PairObjectiveAttribute objective, int pairs, int width, Func<string, double[]> values)
    {
        var m = new ModelBuilder(isTraining: true, new PartNames([]));
        var sides = new[] { "image", "text" }.Select(name => new MeetingSide(name, m.Graph.Normalize(m.Parameter(name, [pairs, width], ParameterKind.Weight, new Initializer.Constant(0))))).ToArray();
        JointSpace.Meet(m, options, sides[0], sides[1], [objective]);
        var program = Lower.Run(ModelPrograms.Optimize(m.Graph.Build(), Pass.Train, recompute: false), fuse: true);
        return KernelInterpreter.Run(program, new InterpreterData(pairs, 1, _ => [1.0 / pairs], (parameter, _) => values(parameter.Name)));
    }
}

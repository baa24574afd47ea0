using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Golden;

/// <summary>What every pass of a case is given.</summary>
internal interface IGoldenBatch
{
    int Batch { get; }

    int Length { get; }

    void Set(ModelCore core);
}

/// <summary>The inputs and targets of a case under our names.</summary>
internal sealed class GoldenBatch : IGoldenBatch
{
    private static readonly string[] s_pictures = ["pixel_values", "image"], s_ids = ["idx", "input_ids", "text"];

    private readonly Dictionary<string, float[]> _floats = [];
    private readonly Dictionary<string, int[]> _integers = [];
    private readonly Dictionary<string, long> _scales = [];

    // What is said next, where a text is said as it is.
    private int[]? _next;

    public GoldenBatch(IModel model, GoldenFiles files)
    {
        var inputs = files.Inputs;
        if (s_pictures.FirstOrDefault(inputs.Contains) is { } pictures)
        {
            (Batch, Length) = (inputs[pictures].Shape[0], 1);
            _floats[model.Core.Description.Inputs.First(static i => i.Name.Split('.').Last() == "pictures").Name] = inputs.Read(pictures);
            if (model.Core.Description.Inputs.FirstOrDefault(static i => i.Name == "masked") is { } masked)
            {
                _integers["masked"] = inputs.Contains("bool_masked_pos") ? Integers(inputs, "bool_masked_pos") : new int[masked.Count(Batch, Length)];
            }
        }

        if (inputs.Contains("image_features"))
        {
            Vectors(model, inputs);
        }

        if (model.Core.Description.Inputs.Any(static i => i.Name == "decoder.ids"))
        {
            new GoldenSeq2Seq(model, files).AddTo(_integers, _scales);
            (Batch, Length) = (GoldenSeq2Seq.Said(files).Shape[0], GoldenSeq2Seq.LengthOf(files));
            return;
        }

        if (s_ids.FirstOrDefault(inputs.Contains) is { } ids)
        {
            Tokens(model, inputs, ids);
        }

        Targets(model, inputs);
    }

    public int Batch { get; private set; }

    public int Length { get; private set; }

    /// <summary>1 for tokens, 0 for padding; null: there is none.</summary>
    public int[]? Mask { get; private set; }

    public void Set(ModelCore core)
    {
        foreach (var (name, values) in _floats)
        {
            core.SetInput(name, values);
        }

        foreach (var (name, values) in _integers)
        {
            core.SetInput(name, values);
        }

        foreach (var (name, count) in _scales)
        {
            core.SetScale(name, count);
        }
    }

    // The model may have room for more vectors than a case has.
    private void Vectors(IModel model, SafetensorsFile inputs)
    {
        var (shape, given) = (inputs["image_features"].Shape, inputs.Read("image_features"));
        (Batch, Length) = (shape[0], 1);
        var there = inputs.Contains("image_mask") ? Integers(inputs, "image_mask") : [.. Enumerable.Repeat(1, shape[0] * shape[1])];
        var room = (int)model.Core.Description.Inputs.Single(static i => i.Name == "image.mask").Count(1, 1);
        var (vectors, mask) = (_floats["image.vectors"] = new float[Batch * room * shape[2]], _integers["image.mask"] = new int[Batch * room]);
        for (var sample = 0; sample < Batch; sample++)
        {
            given.AsSpan(sample * shape[1] * shape[2], shape[1] * shape[2]).CopyTo(vectors.AsSpan(sample * room * shape[2]));
            there.AsSpan(sample * shape[1], shape[1]).CopyTo(mask.AsSpan(sample * room));
        }
    }

    private void Tokens(IModel model, SafetensorsFile inputs, string ids)
    {
        (Batch, Length) = (inputs[ids].Shape[0], inputs[ids].Shape[1]);
        var options = new TokenOptions(model);
        var tokens = new Rows(Batch, Length, options);
        Integers(inputs, ids).CopyTo(tokens.Ids, 0);
        if (inputs.Contains("attention_mask"))
        {
            Integers(inputs, "attention_mask").CopyTo(tokens.Mask, 0);
        }

        tokens.Segments = inputs.Contains("token_type_ids") ? Integers(inputs, "token_type_ids") : null;
        tokens.Positions = inputs.Contains("position_ids") ? Integers(inputs, "position_ids") : null;
        Mask = tokens.Mask;
        tokens.Check();
        _integers[options.Prefix + "ids"] = tokens.Ids;
        if (model.Core.Description.Checkpoint.Config.FirstOrDefault(static c => c.Key == "special_ids.bos") is { } start)
        {
            Add("said_ids", () => tokens.IdsFrom(int.Parse(start.Json, System.Globalization.CultureInfo.InvariantCulture)));
            _next = tokens.NextTokens();
        }

        Add("mask", () => tokens.Mask);
        Add("positions", () => tokens.PositionsOrDefault(options.PositionOffset, options.PositionRows, IsCausal(model), options.PaddingToken));
        Add("segments", () => tokens.CheckedSegments(options.Segments));
        Add("last", () => options.EndToken is not { } end ? tokens.LastTokens(options.PaddingToken) : end < 0 ? tokens.HighestTokens() : tokens.FirstTokens(end));

        void Add(string name, Func<int[]> values)
        {
            if (model.Core.Description.Inputs.Any(i => i.Name == options.Prefix + name))
            {
                _integers[options.Prefix + name] = values();
            }
        }
    }

    private void Targets(IModel model, SafetensorsFile inputs)
    {
        foreach (var input in model.Core.Description.Inputs)
        {
            switch (input.Name)
            {
                case "labels" or "teacher_labels" when input.IsInteger:
                    Count(input.Name, Integers(inputs, inputs.Contains("matched") ? "matched" : input.Name));
                    break;
                case "labels":
                    Floats("labels", "labels");
                    break;
                case "targets" when inputs.Contains("targets") || inputs.Contains("labels"):
                    Count("targets", inputs.Contains("targets") ? Integers(inputs, "targets") : IsCausal(model) ? Shifted(Integers(inputs, "labels")) : Integers(inputs, "labels"));
                    break;
                case "targets" when _next is not null:
                    Count("targets", _next);
                    break;
                case "pair_ids":
                    _floats["pair_ids"] = MatchNumbers.Of(Integers(inputs, "image_id"));
                    break;
                case "next_sentence":
                    Count("next_sentence", Integers(inputs, "next_sentence_label"));
                    break;
                case "pairs_scale":
                    _scales["pairs_scale"] = Batch;
                    break;
                case "hidden_target":
                    Floats("hidden_target", inputs.Contains("target") ? "target" : "hidden_target");
                    break;
                case "pooled_target":
                    Floats("pooled_target", inputs.Contains("embeds_target") ? "embeds_target" : "pooler_target");
                    break;
            }
        }

        void Count(string name, int[] values)
        {
            _integers[name] = values;
            _scales[name + "_scale"] = TargetCounts.Valid(values);
        }

        void Floats(string name, string theirs)
        {
            _floats[name] = inputs.Read(theirs);
            _scales[name + "_scale"] = _floats[name].Length;
        }
    }

    private static bool IsCausal(IModel model) => model.Core.Description.Checkpoint.Format is "HuggingFaceGpt2" or "NanoGpt" or "HuggingFaceOpt" or "HuggingFaceLlama" or "HuggingFaceClip" or "HuggingFaceClipText" or "HuggingFaceBlip2";

    // Hugging Face shifts labels inside of the model; ours are what each position predicts.
    private int[] Shifted(int[] labels)
    {
        var shifted = new int[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            shifted[i] = i % Length == Length - 1 ? -1 : labels[i + 1];
        }

        return shifted;
    }

    private static int[] Integers(SafetensorsFile file, string name) => Array.ConvertAll(file.ReadIntegers(name), static v => checked((int)v));

    private sealed class Rows(int count, int length, TokenOptions options) : TokenBatch(count, length, options.Vocabulary, options.MaxLength);

    // The sizes that the emitted token type knows, read from the parameters and the configuration's table.
    private sealed class TokenOptions(IModel model)
    {
        /// <summary>What names of a tower of text begin with, where the model has two towers.</summary>
        public string Prefix => model.Core.Parameters.ContainsKey("text.embeddings.token.weight") ? "text." : "";

        /// <summary>The id that CLIP pools at; -1: the greatest; null: the model pools another way.</summary>
        public int? EndToken => model.Core.Description.Checkpoint is { Format: "OpenAiClip" or "OpenClip" } ? -1
            : model.Core.Description.Checkpoint.Config.FirstOrDefault(static c => c.Key is "text_config.eos_token_id" or "eos_token_id") is not { } c ? null
            : int.Parse(c.Json, System.Globalization.CultureInfo.InvariantCulture) is var id and not 2 ? id : -1;

        public int Vocabulary => Rows("embeddings.token.weight");

        public int MaxLength => model.Core.Description.MaxLength;

        // Rotary positions have no table of their own.
        public int PositionRows => model.Core.Parameters.ContainsKey(Prefix + "embeddings.position.weight") ? Rows("embeddings.position.weight") : MaxLength;

        public int PositionOffset => PositionRows - MaxLength;

        public int Segments => Rows("embeddings.segment.weight");

        public int PaddingToken => model.Core.Description.Checkpoint.Config.FirstOrDefault(static c => c.Key == "pad_token_id") is { Json: not "null" } c
            ? int.Parse(c.Json, System.Globalization.CultureInfo.InvariantCulture) : -1;

        private int Rows(string name) => model.Core.Parameters[Prefix + name].Shape[0];
    }
}

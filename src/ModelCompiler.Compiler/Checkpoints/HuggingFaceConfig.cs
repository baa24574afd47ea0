using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What the configurations of Hugging Face transformers have in common.</summary>
internal static class HuggingFaceConfig
{
    /// <summary>Keys that change nothing we compute: bookkeeping, generation defaults, other programs' options.</summary>
    public static IReadOnlyList<string> Neutral { get; } =
    [
        "_name_or_path", "name_or_path", "architectures", "model_type", "transformers_version", "dtype", "torch_dtype", "use_cache", "gradient_checkpointing",
        "id2label", "label2id", "num_labels", "_num_labels", "initializer_range", "initializer_factor", "bos_token_id", "eos_token_id", "sep_token_id", "cls_token_id", "mask_token_id", "decoder_start_token_id",
        "output_attentions", "output_hidden_states", "output_past", "return_dict", "finetuning_task", "task_specific_params", "torchscript", "tokenizer_class", "prefix",
        "directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type",
        "attn_implementation", "_attn_implementation", "_attn_implementation_autoset", "reorder_and_upcast_attn", "n_ctx", "encoder_stride",
        "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj", "chunk_size_feed_forward", "problem_type", "auto_map", "quantization_config_none", "max_length",
        "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size",
        "encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences", "output_scores", "return_dict_in_generate", "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values",
        "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens", "use_bfloat16", "tf_legacy_loss",
        "_commit_hash", "eos_token_ids", "n_special", "predict_special_tokens", "xla_device",
    ];

    /// <summary>The same of pictures, which nothing pads.</summary>
    public static IReadOnlyList<string> NeutralOfPictures { get; } = [.. Neutral, "pad_token_id"];

    // Older versions wrote them into every configuration, those of towers included: at these values they say nothing.
    private static readonly IReadOnlyList<ConfigRow> s_ofAll =
    [
        ConfigRow.Fixed("is_decoder", [false]),
        ConfigRow.Fixed("is_encoder_decoder", [false]),
        ConfigRow.Fixed("add_cross_attention", [false]),
        ConfigRow.Fixed("cross_attention_hidden_size", [null]),
        ConfigRow.Fixed("tie_encoder_decoder", [false]),
        ConfigRow.Fixed("tie_word_embeddings", [true, false]),
        ConfigRow.Fixed("pruned_heads", [new Dictionary<string, object?>(), null]),
    ];

    /// <summary>Rows of keys that any configuration may have, but for those of which a format says more.</summary>
    /// <param name="neutral">The format's keys without a meaning: not Hugging Face's where its bookkeeping is not among them.</param>
    public static IEnumerable<ConfigRow> Rest(IReadOnlyList<ConfigRow> rows, IReadOnlyList<string> neutral) =>
        neutral.Contains("transformers_version") ? s_ofAll.Where(r => rows.All(x => x.Key != r.Key) && !neutral.Contains(r.Key)) : [];

    /// <summary>Name of the class that wrote the weights, such as <c>BertForMaskedLM</c>.</summary>
    public static string Class(ConfigFile config) => config.List("architectures") is not { Count: > 0 } names ? ""
        : names[0] as string ?? config.Fail<string>("architectures", names, "a list with the name of a class") ?? "";

    /// <summary>Adds the classification head of a configuration.</summary>
    public static void Classification(ConfigFile config, ScaffoldedModel s)
    {
        s.Add("Classification");
        var labels = config.Keys("id2label")?.Count();
        s.Set("Classification", "Classes", labels ?? config.Integer("num_labels") ?? 2, labels is null ? "num_labels" : "id2label");
        var problem = config.Text("problem_type");
        s.Set("Classification", "MultiLabel", problem == "multi_label_classification", "problem_type");
        if (problem is not (null or "single_label_classification" or "multi_label_classification"))
        {
            s.Fail<object>("problem_type", problem, "\"single_label_classification\", \"multi_label_classification\", null");
        }
    }

    /// <summary>Rows that every format writes for its reference.</summary>
    public static IReadOnlyList<ConfigRow> Rows(string modelType, Func<BoundModel, string> className) =>
    [
        ConfigRow.Fixed("model_type", modelType),
        ConfigRow.Written("architectures", m => new object?[] { className(m) }),
        ConfigRow.Real("initializer_range", "InitialDeviation", 0.02) with { IsCompared = false },
        ConfigRow.Written("id2label", static m => Labels(m, static (i, label) => ($"{i}", label))),
        ConfigRow.Written("label2id", static m => Labels(m, static (i, label) => (label, (long)i))),
        ConfigRow.Written("problem_type", static m => m.Get<ClassificationAttribute>() is { } c ? c.MultiLabel ? "multi_label_classification" : "single_label_classification" : ConfigRow.Absent),
    ];

    private static object Labels<T>(BoundModel model, Func<int, string, (string, T)> entry) => model.Get<ClassificationAttribute>() is { } c
        ? Enumerable.Range(0, c.Classes).Select(i => entry(i, $"LABEL_{i}")).ToDictionary(static e => e.Item1, static e => (object?)e.Item2)
        : ConfigRow.Absent;
}

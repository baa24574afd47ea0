namespace ModelCompiler.Runtime.Generation;

/// <summary>
/// How a model continues prompts. Every option does what its namesake does in <c>generate</c> of Hugging Face transformers, and has its default there, but for
/// <see cref="TopK"/>, which is off. A row is a prompt with what was generated behind it; padding in front is a part of it.
/// </summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens behind a prompt, 1 or more (<c>max_new_tokens</c>). Null: as many as <see cref="MaxLength"/> leaves, and where that is null too 20, or as many as the context holds where those are fewer.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>Most tokens of a row, prompt and padding included (<c>max_length</c>); more than the prompts have. Null: no limit but <see cref="MaxNewTokens"/>, which goes before it.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Tokens behind a prompt before a stop token may come, 0 or more (<c>min_new_tokens</c>).</summary>
    public int MinNewTokens { get; init; }

    /// <summary>Tokens of a row, prompt and padding included, before a stop token may come, 0 or more (<c>min_length</c>).</summary>
    public int MinLength { get; init; }

    /// <summary>Tokens of the vocabulary behind which a row ends (<c>eos_token_id</c>); empty: rows end where they are as long as they may be.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>What fills up rows that have ended (<c>pad_token_id</c>). Null: the model's padding token, or else the first stop token, or else 0.</summary>
    public int? PaddingToken { get; init; }

    /// <summary>
    /// The token that every row begins with where a model of several towers is given no prompts (<c>decoder_start_token_id</c>; <c>bos_token_id</c> behind a picture): it is the
    /// prompt, and does not count as generated. Null, as for any other call: there are prompts.
    /// </summary>
    public int? StartToken { get; init; }

    /// <summary>Beams of each prompt, 1 or more (<c>num_beams</c>). 1: the most probable token each time, or one that is drawn; with <see cref="Sample"/> the continuations of beams are drawn, none twice.</summary>
    public int Beams { get; init; } = 1;

    /// <summary>Rows for each prompt, 1 or more (<c>num_return_sequences</c>): at most <see cref="Beams"/> of them, or any number that is drawn without beams. Beams give fewer where there are not so many different rows.</summary>
    public int Results { get; init; } = 1;

    /// <summary>A row's score is the sum of its log probabilities over the number of generated tokens to this power (<c>length_penalty</c>). Any finite number: above 0 it favours long rows.</summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>When beam search stops (<c>early_stopping</c>).</summary>
    public EarlyStopping EarlyStopping { get; init; }

    /// <summary>Whether tokens are drawn by their probabilities (<c>do_sample</c>).</summary>
    public bool Sample { get; init; }

    /// <summary>Seed of what is drawn, which counts with <see cref="Sample"/> alone: a token depends on seed, row and step alone, and on the beams that it goes on from.</summary>
    public ulong Seed { get; init; }

    /// <summary>What scores are divided by before a token is drawn, above 0 (<c>temperature</c>). It counts with <see cref="Sample"/> alone.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>A token is drawn of the so many most probable ones (<c>top_k</c>), 0: of all. What is as probable as the last of them stays. It counts with <see cref="Sample"/> alone.</summary>
    public int TopK { get; init; }

    /// <summary>A token is drawn of the fewest whose probabilities reach this together (<c>top_p</c>), above 0 and at most 1: of all (Holtzman et al. 2020, arXiv:1904.09751). It counts with <see cref="Sample"/> alone.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Scores of tokens that the row has are divided by this where they are positive, else multiplied (<c>repetition_penalty</c>), above 0; 1: nothing happens (Keskar et al. 2019, arXiv:1909.05858).</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>No so many tokens follow each other twice in a row (<c>no_repeat_ngram_size</c>), 0: they may.</summary>
    public int NoRepeatNgram { get; init; }

    /// <summary>Sequences of tokens that must not be generated (<c>bad_words_ids</c>), each of one or more.</summary>
    public IReadOnlyList<IReadOnlyList<int>> BadTokens { get; init; } = [];

    /// <summary>The first token behind a prompt (<c>forced_bos_token_id</c>). Null: none is forced.</summary>
    public int? ForcedFirstToken { get; init; }

    /// <summary>The last token of a row that is as long as it may be (<c>forced_eos_token_id</c>). Null: none is forced.</summary>
    public int? ForcedLastToken { get; init; }

    /// <summary>
    /// What happens where a row is as long as the model's context: false, such a call is refused; true, the model sees the last tokens that it has room for, numbered from the start
    /// (as nanoGPT generates). Then keys and values are computed anew for each token.
    /// </summary>
    public bool CropContext { get; init; }

    /// <summary>
    /// What a checkpoint folder says of generation: <c>generation_config.json</c>, and what that leaves out in <c>config.json</c>. Keys that have no namesake here are left aside; what no
    /// file says has its default.
    /// </summary>
    /// <exception cref="Checkpoints.CheckpointException">The folder has neither file, or one is no JSON, or has a value of another kind.</exception>
    public static GenerationOptions Load(string folder) => GenerationFile.Read(folder);
}

/// <summary>When beam search stops looking for better rows than as many finished ones as there are beams.</summary>
public enum EarlyStopping
{
    /// <summary>When the best unfinished row, ended now, would be no better than the worst finished one.</summary>
    Off,

    /// <summary>At once.</summary>
    On,

    /// <summary>When the best unfinished row cannot become better than the worst finished one, however long it gets.</summary>
    Never,
}

using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Extensions.AI;

/// <summary>Tokens that a model says behind a prompt, such as its <c>Stream</c> of one row.</summary>
public delegate IAsyncEnumerable<GeneratedToken> TokenStream(int[] prompt, GenerationOptions options, CancellationToken cancel);

/// <summary>
/// A compiled model as .NET applications take text: messages become a prompt, and what the model says behind it the answer, as a whole or piece by piece. Models generate one text
/// at a time, so calls wait for each other. Temperature, top-k, top-p, seed, most tokens and stop sequences are those of the call; what cannot be done is refused.
/// </summary>
public sealed class TextGenerationClient : IChatClient
{
    private readonly Func<string, int[]> _encode;
    private readonly Func<int[], string> _decode;
    private readonly TokenStream _stream;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ChatClientMetadata _metadata;

    /// <param name="model">The model's name in answers and metadata.</param>
    /// <param name="encode">Tokens of a text.</param>
    /// <param name="decode">Text of tokens.</param>
    /// <param name="stream">What the model says behind tokens.</param>
    public TextGenerationClient(string model, Func<string, int[]> encode, Func<int[], string> decode, TokenStream stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(encode);
        ArgumentNullException.ThrowIfNull(decode);
        ArgumentNullException.ThrowIfNull(stream);
        (_encode, _decode, _stream) = (encode, decode, stream);
        _metadata = new ChatClientMetadata("ModelCompiler", defaultModelId: model);
    }

    /// <summary>What calls leave out, such as a checkpoint's <see cref="GenerationOptions.Load"/>: stop tokens above all. One answer without beams.</summary>
    /// <exception cref="ArgumentException">Beams or several results, which are known at the end alone.</exception>
    public GenerationOptions Defaults
    {
        get;
        init => field = value is { Beams: 1, Results: 1 } ? value : throw new ArgumentException("An answer is one row that comes token by token: Beams and Results must be 1.", nameof(value));
    } = new();

    /// <summary>The prompt of messages; at first their texts, one below the other, as a model that knows no roles reads them.</summary>
    public Func<IReadOnlyList<ChatMessage>, string> Template { get; init; } = static messages => string.Join('\n', messages.Select(static m => m.Text));

    /// <inheritdoc cref="GetStreamingResponseAsync"/>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <exception cref="NotSupportedException">Messages hold something else than text, or the options ask for what no option of generation is.</exception>
    /// <exception cref="ArgumentException">The model refuses an option or the prompt.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var generation = ChatOptionsMap.Apply(options, Defaults, Model);
        var stops = options?.StopSequences?.Where(static s => s.Length > 0).ToArray() ?? [];
        var prompt = _encode(Template(ChatOptionsMap.Texts(messages, options?.Instructions)));
        var answer = new ChatResponseUpdate { Role = ChatRole.Assistant, ResponseId = Guid.NewGuid().ToString("N"), ModelId = Model };
        answer.MessageId = answer.ResponseId;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (ids, count, end) = (prompt.ToList(), 0, ChatFinishReason.Length);
            var (before, said) = (_decode(prompt).Length, 0);
            await foreach (var token in _stream(prompt, generation, cancellationToken).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                count++;
                var isEnd = generation.StopTokens.Contains(token.Id);
                if (!isEnd)
                {
                    ids.Add(token.Id);
                }

                var text = _decode([.. ids])[before..];
                var (safe, isStopped) = StopText.Find(text, stops, isEnd || token.IsLast);
                if (safe > said)
                {
                    yield return Piece(new TextContent(text[said..safe]));
                    said = safe;
                }

                if (isStopped || isEnd)
                {
                    end = ChatFinishReason.Stop;
                    break;
                }
            }

            var last = Piece(new UsageContent(new UsageDetails { InputTokenCount = prompt.Length, OutputTokenCount = count, TotalTokenCount = prompt.Length + count }));
            last.FinishReason = end;
            yield return last;
        }
        finally
        {
            _turn.Release();
        }

        ChatResponseUpdate Piece(AIContent content)
        {
            var piece = answer.Clone();
            piece.Contents = [content];
            return piece;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(ChatClientMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Frees what calls wait by, when none is under way any more. The model is its owner's.</summary>
    public void Dispose() => _turn.Dispose();

    private string Model => _metadata.DefaultModelId!;
}

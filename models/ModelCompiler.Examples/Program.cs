using ModelCompiler.Examples;
using ModelCompiler.Examples.Captions;
using ModelCompiler.Runtime.Checkpoints;

// Every example by the name that the command line takes; the first is the default.
(string Name, string About, Action Run)[] examples =
[
    ("pairs", "a CLIP learns which caption belongs to which picture, and names pictures without classes", PairsExample.Run),
    ("emoji", "a CLIP learns emoji of four drawers by their names and finds those of a fifth (19 minutes of one processor; needs shared/data/emoji)", EmojiExample.Run),
    ("emoji-locked", "the same with names as all-MiniLM-L6-v2 reads them, which stays as it is (16 minutes of one processor; needs shared/data/emoji and minilm, or name the encoder's folder)", () => EmojiExample.RunLocked(args.ElementAtOrDefault(1))),
    ("translate", "a transformer learns to translate English into German (36 minutes of one processor; needs shared/data/text)", TranslationExample.Run),
    ("shapes", "a ViT learns to name the shape in a picture", ShapesExample.Run),
    ("captions", "a captioner says what is in pictures, then a Q-Former lets a frozen decoder say it (15 minutes of one processor)", CaptionsExample.Run),
    ("letters", "a GPT learns to write captions, character by character", LettersExample.Run),
    ("words", "a BERT learns to fill in a masked word", WordExample.Run),
    ("vocabulary", "a tokenizer learns its vocabulary from captions; name the folder it is written to", () => VocabularyExample.Run(args.ElementAtOrDefault(1))),
    ("sentences", "a published encoder finds the nearest sentences; name its folder, all-MiniLM-L6-v2", () => SentencesExample.Run(args.ElementAtOrDefault(1))),
];

var name = args.FirstOrDefault() ?? examples[0].Name;
if (examples.FirstOrDefault(e => e.Name == name) is not { Run: { } run })
{
    Console.Error.WriteLine($"There is no example '{name}'. Choose one of:\n{string.Join("\n", examples.Select(static e => $"  {e.Name,-12} {e.About}"))}");
    return 2;
}

try
{
    run();
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or CheckpointException)
{
    // A folder that was named may not be there, or not hold what it should: no fault of the program.
    Console.Error.WriteLine(e.Message);
    return 1;
}

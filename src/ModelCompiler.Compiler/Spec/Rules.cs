namespace ModelCompiler.Compiler.Spec;

/// <summary>All rules about annotated classes. <c>docs/diagnostics.md</c> has a section for each; a test compares the two.</summary>
public static class Rules
{
    public static readonly SpecRule MissingArgument = new("MC1001", "A required argument is missing");
    public static readonly SpecRule OutOfRange = new("MC1002", "An argument is out of range");
    public static readonly SpecRule NotDivisible = new("MC1003", "One size must divide another");
    public static readonly SpecRule Conflict = new("MC1004", "Two options exclude each other");
    public static readonly SpecRule NeedsOption = new("MC1005", "An option needs another one");
    public static readonly SpecRule UnknownPart = new("MC1006", "A frozen part does not exist");
    public static readonly SpecRule FormatCannotExpress = new("MC1007", "The checkpoint format cannot express the model");
    public static readonly SpecRule UndefinedValue = new("MC1008", "An enum argument has no such member");
    public static readonly SpecRule TooLarge = new("MC1009", "The model is too large to address");
    public static readonly SpecRule VocabularySize = new("MC1010", "The vocabulary is not the tokenizer's");
    public static readonly SpecRule NoTokenizer = new("MC1011", "A tokenizer's file is missing or unreadable");
    public static readonly SpecRule SeveralArchitectures = new("MC2001", "A model has one architecture");
    public static readonly SpecRule NoArchitecture = new("MC2002", "A model needs an architecture");
    public static readonly SpecRule ObjectiveNotSupported = new("MC2003", "The architecture cannot have this objective");
    public static readonly SpecRule SeveralOfAKind = new("MC2004", "Only one attribute of this kind");
    public static readonly SpecRule NothingToTrain = new("MC2005", "Every parameter is frozen");
    public static readonly SpecRule NotATower = new("MC2006", "A type argument is no tower");
    public static readonly SpecRule CircularTowers = new("MC2007", "A model is made of itself");
    public static readonly SpecRule NotPartial = new("MC3001", "A model class must be partial");
    public static readonly SpecRule ClassKind = new("MC3002", "A model must be a plain class");
    public static readonly SpecRule MemberExists = new("MC3003", "A member of the class has the name of an emitted one");
    public static readonly SpecRule UnsafeNotAllowed = new("MC3004", "Emitted kernels need AllowUnsafeBlocks");
    public static readonly SpecRule SkipsConstructor = new("MC3005", "A constructor must call the emitted one");
    public static readonly SpecRule OldLanguage = new("MC3006", "Emitted code needs C# 13");
    public static readonly SpecRule HiddenType = new("MC3007", "Something hides a type that emitted code uses");
    public static readonly SpecRule InternalError = new("MC9001", "Internal compiler error");

    /// <summary>Every rule, by id.</summary>
    public static IReadOnlyList<SpecRule> All { get; } =
    [
        MissingArgument, OutOfRange, NotDivisible, Conflict, NeedsOption, UnknownPart, FormatCannotExpress, UndefinedValue, TooLarge,
        VocabularySize, NoTokenizer,
        SeveralArchitectures, NoArchitecture, ObjectiveNotSupported, SeveralOfAKind, NothingToTrain, NotATower, CircularTowers,
        NotPartial, ClassKind, MemberExists, UnsafeNotAllowed, SkipsConstructor, OldLanguage, HiddenType, InternalError,
    ];
}

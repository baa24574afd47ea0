using System.Globalization;

namespace ModelCompiler.Ptx.Text;

/// <summary>Reads modules as ILGPU prints them, and what NVIDIA's documentation of the language shows of the rest.</summary>
internal sealed class PtxParser
{
    private readonly PtxTokens _tokens;
    private readonly Dictionary<string, PtxFunction> _functions = [];
    private readonly Dictionary<string, PtxVariable> _variables = [];

    private PtxParser(string text) => _tokens = new PtxTokens(text);

    /// <exception cref="PtxException">The text is none, or uses what is not known here.</exception>
    public static PtxModule Parse(string text)
    {
        var parser = new PtxParser(text);
        while (!parser._tokens.IsAtEnd)
        {
            parser.Declaration();
        }

        return new PtxModule(parser._functions, parser._variables);
    }

    private void Declaration()
    {
        switch (_tokens.Next())
        {
            case ".version" or ".address_size":
                _tokens.Next();
                break;
            case ".target":
                do
                {
                    _tokens.Next();
                }
                while (_tokens.Take(","));
                break;
            case ".visible" or ".weak" or ".extern":
                break;
            case ".entry":
                Function(isKernel: true);
                break;
            case ".func":
                Function(isKernel: false);
                break;
            case ".shared":
                Add(PtxSpace.Shared);
                break;
            case ".const":
                Add(PtxSpace.Constant);
                break;
            case ".global":
                Add(PtxSpace.Global);
                break;
            case var word:
                throw new PtxException($"{word} is not known");
        }
    }

    private void Add(PtxSpace space)
    {
        var variable = PtxVariables.Read(_tokens, space);
        _variables.Add(variable.Name, variable);
    }

    private void Function(bool isKernel)
    {
        var returns = _tokens.Peek() == "(" ? Parameters() : [];
        var name = _tokens.Next();
        var parameters = _tokens.Peek() == "(" ? Parameters() : [];
        while (_tokens.Peek() is ".maxntid" or ".reqntid" or ".minnctapersm" or ".maxnreg" or ".noreturn")
        {
            for (_tokens.Next(); _tokens.Take(",") || char.IsAsciiDigit(_tokens.Peek()[0]); _tokens.Next())
            {
            }
        }

        if (!_tokens.Take(";"))
        {
            _functions.Add(name, new PtxBodyParser(_tokens, [.. returns, .. parameters]).Read(name, isKernel, returns, parameters));
        }
    }

    private List<PtxVariable> Parameters()
    {
        var result = new List<PtxVariable>();
        _tokens.Expect("(");
        while (!_tokens.Take(")"))
        {
            _tokens.Expect(".param");
            result.Add(PtxVariables.Declaration(_tokens, PtxSpace.Parameter));
            _tokens.Take(",");
        }

        return result;
    }
}

/// <summary>Declarations of memory.</summary>
internal static class PtxVariables
{
    /// <summary>.align 16 .b8 name[64] = {1, 2};</summary>
    public static PtxVariable Read(PtxTokens tokens, PtxSpace space)
    {
        var variable = Declaration(tokens, space);
        if (tokens.Take("="))
        {
            throw new PtxException($"{variable.Name} has values from the start, which is not known here");
        }

        tokens.Expect(";");
        return variable;
    }

    public static PtxVariable Declaration(PtxTokens tokens, PtxSpace space)
    {
        var alignment = 0;
        while (tokens.Peek() is ".align" or ".ptr" or ".global")
        {
            alignment = tokens.Next() == ".align" ? Number(tokens.Next()) : alignment;
        }

        var element = PtxTypes.Bytes(tokens.Next()[1..]);
        var name = tokens.Next();
        var count = 1;
        if (tokens.Take("["))
        {
            count = tokens.Peek() == "]" ? 0 : Number(tokens.Next());
            tokens.Expect("]");
        }

        return new PtxVariable(space, name, Math.Max(alignment, element), element * count);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

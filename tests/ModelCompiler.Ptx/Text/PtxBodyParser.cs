using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelCompiler.Ptx.Text;

/// <summary>Reads what stands between the braces of a function. Names that a block declares get a number: other blocks have the same ones.</summary>
internal sealed partial class PtxBodyParser
{
    private readonly PtxTokens _tokens;
    private readonly Dictionary<string, PtxVariable> _variables = [];
    private readonly List<PtxStatement> _body = [];
    private readonly Stack<Dictionary<string, string>> _scopes = new([[]]);
    private int _blocks;

    /// <param name="parameters">What the head of the function declares.</param>
    public PtxBodyParser(PtxTokens tokens, IEnumerable<PtxVariable> parameters)
    {
        _tokens = tokens;
        foreach (var parameter in parameters)
        {
            _variables.Add(parameter.Name, parameter);
        }
    }

    public PtxFunction Read(string name, bool isKernel, IReadOnlyList<PtxVariable> returns, IReadOnlyList<PtxVariable> parameters)
    {
        _tokens.Expect("{");
        while (_scopes.Count > 0)
        {
            if (_tokens.Take("{"))
            {
                _scopes.Push([]);
                _blocks++;
            }
            else if (_tokens.Take("}"))
            {
                _scopes.Pop();
            }
            else if (!_tokens.Take(";"))
            {
                Statement();
            }
        }

        return new PtxFunction(name, isKernel, returns, parameters, _variables, _body);
    }

    private void Statement()
    {
        switch (_tokens.Peek())
        {
            case ".reg":
                Registers();
                break;
            case ".shared":
                Variable(PtxSpace.Shared);
                break;
            case ".local":
                Variable(PtxSpace.Local);
                break;
            case ".param":
                Variable(PtxSpace.Parameter);
                break;
            case ".pragma" or ".loc":
                while (_tokens.Next() != ";")
                {
                }

                break;
            default:
                if (_tokens.Peek(1) == ":")
                {
                    Label();
                }
                else
                {
                    _body.Add(Instruction());
                }

                break;
        }
    }

    // Registers hold 64 bits whatever their type; what is declared in a block is a name of its own.
    private void Registers()
    {
        _tokens.Next();
        _tokens.Next();
        do
        {
            var name = _tokens.Next();
            if (_tokens.Take("<"))
            {
                _tokens.Next();
                _tokens.Expect(">");
            }

            Declare(name);
        }
        while (_tokens.Take(","));
        _tokens.Expect(";");
    }

    private void Variable(PtxSpace space)
    {
        _tokens.Next();
        var variable = PtxVariables.Read(_tokens, space);
        variable = variable with { Name = Declare(variable.Name) };
        _variables.Add(variable.Name, variable);
    }

    private string Declare(string name)
    {
        var own = _scopes.Count == 1 ? name : $"{name}#{_blocks}#";
        _scopes.Peek()[name] = own;
        return own;
    }

    private void Label()
    {
        var name = _tokens.Next();
        _tokens.Expect(":");
        if (!_tokens.Take(".branchtargets"))
        {
            _body.Add(new PtxLabel(name));
            return;
        }

        var labels = new List<string>();
        do
        {
            labels.Add(_tokens.Next());
        }
        while (_tokens.Take(","));
        _tokens.Expect(";");
        _body.Add(new PtxTargets(name, labels));
    }

    private PtxInstruction Instruction()
    {
        var start = _tokens.Position;
        var (guard, isNegated) = ((string?)null, false);
        if (_tokens.Take("@"))
        {
            isNegated = _tokens.Take("!");
            guard = Resolve(_tokens.Next());
        }

        var words = _tokens.Next().Split('.');
        var operands = new List<PtxOperand>();
        while (_tokens.Peek() != ";")
        {
            operands.Add(Operand());
            _tokens.Take(",");
        }

        var end = _tokens.Position;
        _tokens.Expect(";");
        return new PtxInstruction(words[0], words[1..], operands, guard, isNegated, _tokens.Since(start, end));
    }

    private PtxOperand Operand()
    {
        var first = Single();
        return _tokens.Take("|") ? new PtxPair(first, Single()) : first;
    }

    private PtxOperand Single()
    {
        if (_tokens.Take("["))
        {
            var start = Single();
            var offset = 0L;
            if (_tokens.Take("+"))
            {
                offset = Integer();
            }

            _tokens.Expect("]");
            return new PtxAddress(start, offset);
        }

        if (_tokens.Take("{"))
        {
            return Vector("}");
        }

        if (_tokens.Take("("))
        {
            return Vector(")");
        }

        var isNegative = _tokens.Take("-");
        var word = _tokens.Next();
        return char.IsAsciiDigit(word[0]) ? new PtxConstant(isNegative ? "-" + word : word)
            : word == "!" ? throw new PtxException($"negated operands are not known: {_tokens.Peek()}")
            : new PtxName(Resolve(word));
    }

    private long Integer()
    {
        var isNegative = _tokens.Take("-");
        var value = long.Parse(_tokens.Next(), CultureInfo.InvariantCulture);
        return isNegative ? -value : value;
    }

    private PtxVector Vector(string end)
    {
        var elements = new List<PtxOperand>();
        while (!_tokens.Take(end))
        {
            elements.Add(Single());
            _tokens.Take(",");
        }

        return new PtxVector(elements);
    }

    // A register of a row is declared by its name without the number.
    private string Resolve(string name)
    {
        foreach (var scope in _scopes)
        {
            if (scope.TryGetValue(name, out var own))
            {
                return own;
            }

            var row = Number().Replace(name, "");
            if (row.Length < name.Length && scope.TryGetValue(row, out own))
            {
                return own + name[row.Length..];
            }
        }

        return name;
    }

    [GeneratedRegex(@"\d+$")]
    private static partial Regex Number();
}

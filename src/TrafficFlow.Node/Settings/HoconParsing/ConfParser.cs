namespace TrafficFlow.Node.Settings.HoconParsing;

/// <summary>
/// A strict reader of HOCON. Akka's own parser takes a file with a brace too few or too many for complete, merges two cameras of one name
/// into one, overflows the stack on ${?NAME} and knows no line numbers; settings of a measuring instrument need better. What both read,
/// they read alike (a test holds them together); substitutions and += are refused.
/// </summary>
internal sealed class ConfParser
{
    // Deeper than any settings, and far from the end of the stack.
    private const int MaxDepth = 32;

    private readonly ConfCursor _text;
    private readonly Func<Origin, string, ConfSection?> _include;
    private readonly ConfMerge _merge;
    private int _depth;

    private ConfParser(ConfCursor text, Func<Origin, string, ConfSection?> include, ConfMerge merge)
    {
        _text = text;
        _include = include;
        _merge = merge;
    }

    /// <exception cref="ConfSyntaxException">The text is not HOCON.</exception>
    public static ConfSection Parse(string file, string text, Func<Origin, string, ConfSection?> include, ConfMerge merge, bool isIncluded = false)
    {
        var cursor = new ConfCursor(file, text, isIncluded);
        var parser = new ConfParser(cursor, include, merge);
        cursor.SkipSpace();
        var root = new ConfSection(cursor.Here);
        var opened = cursor.Here;
        var braced = cursor.TakeIf("{");
        parser.Members(root, "", braced ? opened : null);
        cursor.SkipSpace();
        if (!cursor.AtEnd) throw cursor.Bad($"found {ConfCursor.Shown(cursor.Peek)} after the end", "a brace is closed once too often above");
        return root;
    }

    /// <summary>Keys and values up to the closing brace, or up to the end of the file where none is open.</summary>
    private void Members(ConfSection section, string path, Origin? opened)
    {
        Deeper();
        while (true)
        {
            _text.SkipSpace();
            if (_text.AtEnd)
            {
                if (opened is { } brace) throw ConfCursor.Bad(brace, "the brace that opens here is not closed", "close it with }");
                break;
            }

            if (_text.Peek == '}')
            {
                if (opened is null) throw _text.Bad("found } that closes nothing", "remove it, or open the section above");
                _text.Take();
                break;
            }

            if (!Include(section, path)) Member(section, path);
            _text.SkipSpace();
            _text.TakeIf(",");
        }

        _depth--;
    }

    private void Member(ConfSection section, string path)
    {
        var origin = _text.Here;
        var depth = _depth;
        var keyAt = _text.Position;
        var key = _text.Key();
        while (_text.TakeIf("."))
        {
            Deeper();
            section = _merge.Descend(section, path, key, origin);
            path = ConfPath.Join(path, key);
            keyAt = _text.Position;
            key = _text.Key();
        }

        var keyEnd = _text.Position;
        _text.SkipBlanks();
        if (_text.Sees("+=")) throw _text.Bad("+= is not supported here", "write the whole list");
        var assigned = _text.TakeIf("=") || _text.TakeIf(":");
        var full = ConfPath.Join(path, key);
        if (assigned) _text.SkipBlanks();
        if (!assigned || _text.Peek == '\n' || _text.SeesComment)
        {
            _text.SkipSpace();
            // A simple value on the next line is far more often the next key of a value that was forgotten.
            if (_text.Peek != '{' && !(assigned && _text.Peek == '['))
            {
                throw ConfCursor.Bad(origin, "has no value", "write KEY = VALUE or KEY { … }", full);
            }
        }

        var value = Value(full, origin);
        value.WrittenKey = new TextSpan(keyAt, keyEnd);
        _merge.Set(section, path, key, value);
        _depth = depth;
    }

    private void Deeper()
    {
        if (++_depth > MaxDepth) throw _text.Bad($"more than {MaxDepth} levels", "close a bracket above");
    }

    private ConfValue Value(string path, Origin origin)
    {
        if (_text.AtEnd || _text.Peek is '}' or ']' or ',') throw ConfCursor.Bad(origin, "has no value", "write one, or remove the key", path);
        var opened = _text.Here;
        var start = _text.Position;
        ConfValue value;
        switch (_text.Peek)
        {
            case '{':
                _text.Take();
                var section = new ConfSection(origin);
                Members(section, path, opened);
                value = section;
                break;
            case '[':
                _text.Take();
                value = new ConfList(origin, Items(path, opened));
                break;
            case '"':
                value = new ConfText(origin, _text.Quoted());
                break;
            case '$' when _text.Sees("${"):
                throw _text.Bad("substitutions ${…} are not supported here", "write the value itself");
            default:
                var unquoted = _text.Unquoted();
                return new ConfText(origin, unquoted) { Written = new TextSpan(start, start + unquoted.Length) };
        }

        value.Written = new TextSpan(start, _text.Position);
        _text.SkipBlanks();
        if (!_text.AtEnd && _text.Peek is not ('\n' or ',' or ']' or '}') && !_text.SeesComment)
        {
            throw ConfCursor.Bad(
                _text.Here, $"found {ConfCursor.Shown(_text.Peek)} after the value", "begin a new line, or put the whole value in quotes", path);
        }

        return value;
    }

    private List<ConfValue> Items(string path, Origin opened)
    {
        Deeper();
        var items = new List<ConfValue>();
        while (true)
        {
            _text.SkipSpace();
            if (_text.AtEnd) throw ConfCursor.Bad(opened, "the bracket that opens here is not closed", "close it with ]");
            if (_text.TakeIf("]")) break;
            items.Add(Value($"{path}[{items.Count}]", _text.Here));
            _text.SkipSpace();
            _text.TakeIf(",");
        }

        _depth--;
        return items;
    }

    private bool Include(ConfSection section, string path)
    {
        if (!_text.Sees("include ") && !_text.Sees("include\"")) return false;
        var origin = _text.Here;
        _text.TakeIf("include");
        _text.SkipBlanks();
        if (_text.Peek != '"') throw _text.Bad("include is not followed by a file in quotes", "write include \"FILE\"; where it is a name, in quotes: \"include\"");
        if (_include(origin, _text.Quoted()) is { } included) _merge.Into(section, path, included);
        return true;
    }
}

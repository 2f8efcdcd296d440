namespace TrafficFlow.Node.Settings.HoconParsing;

/// <summary>Where a value is written.</summary>
/// <param name="Line">1-based.</param>
public readonly record struct Origin(string File, int Line)
{
    /// <summary>In a file that another one includes: whoever may write that one need not be allowed to read this one.</summary>
    public bool IsIncluded { get; init; }

    /// <summary>Relative paths in the file are relative to this folder.</summary>
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(File))!;
}

/// <summary>A part of a file's text.</summary>
/// <param name="Start">Of its first character, from 0.</param>
/// <param name="End">Behind its last one.</param>
public readonly record struct TextSpan(int Start, int End);

/// <summary>A value of a HOCON file that remembers where it is written.</summary>
public abstract class ConfValue(Origin origin)
{
    public Origin Origin { get; } = origin;

    /// <summary>The value in the text of its file; null where it is nowhere written as a whole, as the section of a key with dots.</summary>
    public TextSpan? Written { get; internal set; }

    /// <summary>Its key there; null for an item of a list.</summary>
    public TextSpan? WrittenKey { get; internal set; }
}

public sealed class ConfText(Origin origin, string text) : ConfValue(origin)
{
    public string Text { get; } = text;
}

public sealed class ConfList(Origin origin, IReadOnlyList<ConfValue> items) : ConfValue(origin)
{
    public IReadOnlyList<ConfValue> Items { get; } = items;
}

public sealed class ConfSection(Origin origin) : ConfValue(origin)
{
    private readonly Dictionary<string, ConfValue> _items = new(StringComparer.Ordinal);

    /// <summary>In the order of first mention.</summary>
    public IReadOnlyDictionary<string, ConfValue> Items => _items;

    public void Set(string key, ConfValue value) => _items[key] = value;

    /// <summary>Adds what is only in the other section; where both have a key, this one's value stays.</summary>
    public ConfSection WithFallback(ConfSection fallback)
    {
        var merged = new ConfSection(Origin);
        foreach (var (key, value) in Items)
        {
            merged.Set(key, value is ConfSection section && fallback.Items.GetValueOrDefault(key) is ConfSection below
                ? section.WithFallback(below)
                : value);
        }

        foreach (var (key, value) in fallback.Items)
        {
            if (!Items.ContainsKey(key)) merged.Set(key, value);
        }

        return merged;
    }
}

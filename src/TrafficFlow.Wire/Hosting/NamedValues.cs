using System.Collections;
using System.Globalization;

namespace TrafficFlow.Wire.Hosting;

/// <summary>
/// A message's template and the value of each of its placeholders, in the form in which Microsoft's logging hands them on. Placeholders with names take the
/// values in their order; those with numbers, which the actor library uses, take the value of that number, however often and in whatever order they stand.
/// </summary>
public sealed class NamedValues : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string TemplateKey = "{OriginalFormat}";

    private readonly List<KeyValuePair<string, object?>> _values;

    private NamedValues(string template, IEnumerable<KeyValuePair<string, object?>> values)
    {
        Template = template;
        _values = [.. values, new(TemplateKey, template)];
    }

    public string Template { get; }

    public int Count => _values.Count;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    /// <param name="values">One that no placeholder takes is left out; a placeholder without one stays as it is written.</param>
    public static NamedValues Of(string template, IReadOnlyList<object?> values)
    {
        var named = new List<KeyValuePair<string, object?>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var next = 0;
        foreach (var name in Placeholders(template))
        {
            var at = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : next++;
            if (at < values.Count && names.Add(name)) named.Add(new(name, values[at]));
        }

        return new NamedValues(template, named);
    }

    /// <summary>A text without placeholders, whatever braces it holds.</summary>
    public static NamedValues OfText(string text) => new("{Text}", [new("Text", text)]);

    public NamedValues With(string name, object? value) => new(Template, [.. _values.SkipLast(1), new(name, value)]);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Names as they stand, without what says how to format.</summary>
    private static IEnumerable<string> Placeholders(string template)
    {
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '{') continue;
            if (i + 1 < template.Length && template[i + 1] == '{')
            {
                i++;
                continue;
            }

            var end = template.IndexOf('}', i);
            if (end < 0) yield break;
            var inner = template[(i + 1)..end].TrimStart('@', '$');
            var name = inner.IndexOfAny([',', ':']) is var cut and >= 0 ? inner[..cut] : inner;
            if (name.Length > 0) yield return name;
            i = end;
        }
    }
}

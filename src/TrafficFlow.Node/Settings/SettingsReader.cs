using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.Settings;

/// <summary>
/// Reads the values of one section and collects what is wrong with them: a method that finds a problem notes it and returns a stand-in,
/// so that reading goes on and all problems are told together. Asking for a key makes it known.
/// </summary>
internal sealed class SettingsReader(ConfSection section, string path, List<SettingsProblem> problems)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SettingsReader> _sections = new(StringComparer.Ordinal);

    public string Path => path;

    public Origin Origin => section.Origin;

    public IEnumerable<string> Keys => section.Items.Keys;

    /// <summary>The value as it stands; null where the key is absent.</summary>
    public ConfValue? Find(string key)
    {
        _known.Add(key);
        return section.Items.GetValueOrDefault(key);
    }

    public bool Has(string key) => Find(key) is not null;

    public string? OptionalText(string key)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case ConfText { Text.Length: > 0 } text:
                return text.Text;
            default:
                Problem(key, "is not a text", "write one value", new SiteFault(SiteFaultKind.NoText));
                return null;
        }
    }

    public bool? OptionalFlag(string key)
    {
        switch (OptionalText(key))
        {
            case null:
                return null;
            case "on" or "true":
                return true;
            case "off" or "false":
                return false;
            case var text:
                Problem(key, $"\"{text}\" is neither on nor off", "write on or off");
                return null;
        }
    }

    /// <summary>One of a few words.</summary>
    /// <param name="otherwise">Where the key is absent, or a problem.</param>
    public T OptionalChoice<T>(string key, T otherwise, params (string Word, T Value)[] words)
    {
        if (OptionalText(key) is not { } text) return otherwise;
        foreach (var (word, value) in words) if (word == text) return value;
        Problem(key, $"\"{text}\" is none of {string.Join(", ", words.Select(w => w.Word))}", Suggestion.For(text, [.. words.Select(w => w.Word)], "known words"));
        return otherwise;
    }

    public string Text(string key, string remedy)
    {
        if (Has(key)) return OptionalText(key) ?? "";
        Problem(key, "is missing", remedy);
        return "";
    }

    public double? OptionalNumber(string key, double min, double max, string unit) =>
        Find(key) is { } value ? Number(value, key, min, max, unit) : null;

    public double Number(string key, double min, double max, string unit)
    {
        if (Find(key) is { } value) return Number(value, key, min, max, unit) ?? min;
        Problem(key, "is missing", $"set {Range(min, max, unit)}");
        return min;
    }

    public int? OptionalWhole(string key, int min, int max, string unit)
    {
        if (OptionalNumber(key, min, max, unit) is not { } number) return null;
        if (number == Math.Floor(number)) return (int)number;
        Problem(key, $"{Format(number)} is not a whole number", $"set {Range(min, max, unit)}");
        return null;
    }

    public int Whole(string key, int min, int max, string unit)
    {
        if (Has(key)) return OptionalWhole(key, min, max, unit) ?? min;
        Problem(key, "is missing", $"set {Range(min, max, unit)}");
        return min;
    }

    /// <summary>A number that is an item of a list or stands alone; <paramref name="key"/> only names it.</summary>
    public double? Number(ConfValue value, string key, double min, double max, string unit)
    {
        var text = (value as ConfText)?.Text;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            Problem(value, key, text is null ? "is not a number" : $"\"{text}\" is not a number", $"set {Range(min, max, unit)}", new SiteFault(SiteFaultKind.NotANumber, text ?? ""));
            return null;
        }

        if (number >= min && number <= max) return number;
        Problem(value, key, $"{text} is out of range", $"set {Range(min, max, unit)}", new SiteFault(SiteFaultKind.OutOfRange, text!, Format(min), Format(max)));
        return null;
    }

    public TimeSpan Duration(string key, TimeSpan min, TimeSpan max)
    {
        var text = Text(key, $"set a time such as {Durations.Format(min)}");
        if (text.Length == 0) return min;
        var remedy = $"set a time from {Durations.Format(min)} to {Durations.Format(max)}, with its unit: ms, s, m, h or d";
        if (!Durations.TryParse(text, out var duration)) Problem(key, $"\"{text}\" is not a time", remedy);
        else if (duration < min || duration > max) Problem(key, $"{text} is out of range", remedy);
        else return duration;
        return min;
    }

    /// <summary>Null, and a problem, where the key is missing or no section.</summary>
    public SettingsReader? Section(string key, string remedy)
    {
        if (Has(key)) return OptionalSection(key);
        Problem(key, "is missing", remedy);
        return null;
    }

    public SettingsReader? OptionalSection(string key)
    {
        if (Find(key) is not { } value) return null;
        // The same one each time: what one who reads it asks for is known to the other.
        if (_sections.TryGetValue(key, out var known)) return known;
        if (value is ConfSection child) return _sections[key] = new SettingsReader(child, ConfPath.Join(path, key), problems);
        Problem(key, "is not a section", $"write {key} {{ … }}");
        return null;
    }

    /// <summary>The sections in this section, whose keys are names that the user chose.</summary>
    public IEnumerable<(string Name, SettingsReader Reader)> Named()
    {
        foreach (var name in section.Items.Keys)
        {
            if (OptionalSection(name) is { } reader) yield return (name, reader);
        }
    }

    public IReadOnlyList<ConfValue> OptionalList(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case ConfList list:
                return list.Items;
            default:
                Problem(key, "is not a list", $"write {key} = [ … ]");
                return [];
        }
    }

    /// <summary>Texts of a list; an item that is no text is a problem.</summary>
    public IReadOnlyList<(ConfText Value, string Key)> Texts(string key)
    {
        var texts = new List<(ConfText, string)>();
        foreach (var (item, i) in OptionalList(key).Select((item, i) => (item, i)))
        {
            if (item is ConfText { Text.Length: > 0 } text) texts.Add((text, $"{key}[{i}]"));
            else Problem(item, $"{key}[{i}]", "is not a text", "write one value");
        }

        return texts;
    }

    /// <summary>An item of a list that is itself a section.</summary>
    public SettingsReader? ItemSection(ConfValue item, string key)
    {
        if (item is ConfSection child) return new SettingsReader(child, $"{path}.{key}", problems);
        Problem(item, key, "is not a section", "write { … }");
        return null;
    }

    public void Problem(string key, string text, string remedy, SiteFault? fault = null) => Problem(section.Items.GetValueOrDefault(key) ?? section, key, text, remedy, fault);

    public void Problem(ConfValue where, string key, string text, string remedy, SiteFault? fault = null) =>
        problems.Add(new SettingsProblem(where.Origin.File, where.Origin.Line, ConfPath.Join(path, key), text, remedy) { Fault = fault });

    /// <summary>Every key that nobody asked for is a problem: a misspelt key would otherwise be silently without effect.</summary>
    public void RefuseUnknown()
    {
        foreach (var (key, value) in section.Items.Where(i => !_known.Contains(i.Key)))
        {
            // What is included may be any file that the node can read.
            if (value.Origin.IsIncluded) problems.Add(new SettingsProblem(value.Origin.File, value.Origin.Line, path, "here stands a key that is not known", $"known keys: {string.Join(", ", _known.Order(StringComparer.Ordinal))}"));
            else Problem(key, "is not a known key", Suggestion.For(key, _known, "known keys"));
        }
    }

    private static string Range(double min, double max, string unit) =>
        $"a number from {Format(min)} to {Format(max)}{(unit.Length == 0 ? "" : $" ({unit})")}";

    private static string Format(double number) => number.ToString("0.########", CultureInfo.InvariantCulture);
}

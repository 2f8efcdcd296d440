using System.Globalization;
using System.Text;

namespace TrafficFlow.Vault.Secrets;

/// <summary>
/// Unicode's canonical composition (UAX 15), which a password has before it is hashed: the same word is typed as か゛ on one keyboard and as が on another. .NET
/// leaves text as it is where it runs with the invariant globalization, as this program does.
/// </summary>
internal static class Nfc
{
    private const int HangulSyllables = 0xAC00;
    private const int HangulLeads = 0x1100;
    private const int HangulVowels = 0x1161;
    private const int HangulTrails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;

    private static readonly Lazy<Tables> s_tables = new(Read);

    private sealed record Tables(Dictionary<int, int[]> Decompositions, Dictionary<(int, int), int> Compositions, Dictionary<int, byte> Classes);

    /// <param name="text">Text; a surrogate without its other half becomes U+FFFD.</param>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var tables = s_tables.Value;
        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, tables, runes);
        Order(runes, tables);
        Compose(runes, tables);
        var composed = new StringBuilder(runes.Count);
        foreach (var rune in runes) composed.Append(new Rune(rune).ToString());
        return composed.ToString();
    }

    private static void Decompose(int rune, Tables tables, List<int> into)
    {
        var syllable = rune - HangulSyllables;
        if (syllable is >= 0 and < LeadCount * VowelCount * TrailCount)
        {
            into.Add(HangulLeads + (syllable / (VowelCount * TrailCount)));
            into.Add(HangulVowels + (syllable / TrailCount % VowelCount));
            if (syllable % TrailCount is > 0 and var trail) into.Add(HangulTrails + trail);
        }
        else if (tables.Decompositions.TryGetValue(rune, out var parts))
        {
            foreach (var part in parts) Decompose(part, tables, into);
        }
        else
        {
            into.Add(rune);
        }
    }

    /// <summary>Marks of one letter by their class; those of one class stay as they are.</summary>
    private static void Order(List<int> runes, Tables tables)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            var (rune, order) = (runes[i], Class(runes[i], tables));
            var at = i;
            for (; order > 0 && at > 0 && Class(runes[at - 1], tables) > order; at--) runes[at] = runes[at - 1];
            runes[at] = rune;
        }
    }

    private static void Compose(List<int> runes, Tables tables)
    {
        var starter = -1;
        var last = -1;
        var kept = 0;
        for (var i = 0; i < runes.Count; i++)
        {
            var rune = runes[i];
            int order = Class(rune, tables);
            // Blocked by a mark of its own class, or by a letter, between it and the one that it would join.
            var isFree = starter >= 0 && (last < order || (last < 0 && order == 0));
            if (isFree && Pair(runes[starter], rune, tables) is { } composed)
            {
                runes[starter] = composed;
                continue;
            }

            if (order == 0) (starter, last) = (kept, -1);
            else last = order;
            runes[kept++] = rune;
        }

        runes.RemoveRange(kept, runes.Count - kept);
    }

    private static int? Pair(int first, int second, Tables tables)
    {
        var (lead, vowel) = (first - HangulLeads, second - HangulVowels);
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount) return HangulSyllables + (((lead * VowelCount) + vowel) * TrailCount);
        var (syllable, trail) = (first - HangulSyllables, second - HangulTrails);
        if (syllable is >= 0 and < LeadCount * VowelCount * TrailCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount) return first + trail;
        return tables.Compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static byte Class(int rune, Tables tables) => tables.Classes.GetValueOrDefault(rune);

    private static Tables Read()
    {
        var tables = new Tables([], [], []);
        using var data = typeof(Nfc).Assembly.GetManifestResourceStream("nfc.txt") ?? throw new InvalidOperationException("there is no nfc.txt");
        using var lines = new StreamReader(data);
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var at = line.IndexOfAny(['=', '>', ':']);
            if (line[at] == ':')
            {
                var range = line[..at].Split('-');
                for (var rune = Hex(range[0]); rune <= Hex(range[1]); rune++) tables.Classes[rune] = byte.Parse(line.AsSpan(at + 1), CultureInfo.InvariantCulture);
                continue;
            }

            int[] parts = [.. line[(at + 1)..].Split(' ').Select(Hex)];
            tables.Decompositions[Hex(line[..at])] = parts;
            if (line[at] == '=') tables.Compositions[(parts[0], parts[1])] = Hex(line[..at]);
        }

        return tables;
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

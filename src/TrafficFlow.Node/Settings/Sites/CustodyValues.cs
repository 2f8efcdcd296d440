using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Days, and texts in the two languages of the notices.</summary>
internal static class CustodyValues
{
    private const int LongestText = 2_000;
    private const string DayRemedy = "write YYYY-MM-DD, for example 2027-04-01";

    /// <summary>Null, and a problem, where it is missing or no day.</summary>
    public static DateOnly? Day(this SettingsReader reader, string key, string remedy)
    {
        if (reader.Has(key)) return reader.OptionalDay(key);
        reader.Problem(key, "is missing", $"{remedy}, as YYYY-MM-DD");
        return null;
    }

    public static DateOnly? OptionalDay(this SettingsReader reader, string key)
    {
        if (reader.OptionalText(key) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        reader.Problem(key, $"\"{text}\" is no day", DayRemedy);
        return null;
    }

    /// <summary>A text that holds for both languages, or { ja = …, en = … }.</summary>
    public static BilingualText BilingualText(this SettingsReader reader, string key, string remedy)
    {
        if (reader.Find(key) is { } value) return reader.BilingualText(value, key) ?? new BilingualText("", "");
        reader.Problem(key, "is missing", remedy);
        return new BilingualText("", "");
    }

    public static BilingualText? OptionalBilingualText(this SettingsReader reader, string key) => reader.Find(key) is { } value ? reader.BilingualText(value, key) : null;

    public static BilingualText? BilingualText(this SettingsReader reader, ConfValue value, string key)
    {
        switch (value)
        {
            case ConfText { Text.Length: > 0 } text:
                return Plain(reader, value, key, text.Text) ? new BilingualText(text.Text, text.Text) : null;
            case ConfSection when reader.ItemSection(value, key) is { } both:
                var (japanese, english) = (both.Text("ja", "write it in Japanese, too"), both.Text("en", "write it in English, too"));
                both.RefuseUnknown();
                return japanese.Length > 0 && english.Length > 0 && Plain(reader, value, key, japanese) && Plain(reader, value, key, english) ? new BilingualText(japanese, english) : null;
            default:
                reader.Problem(value, key, "is not a text", "write \"…\" for both languages, or { ja = \"…\", en = \"…\" }");
                return null;
        }
    }

    private static bool Plain(SettingsReader reader, ConfValue value, string key, string text)
    {
        if (text.Length > LongestText) reader.Problem(value, key, $"has {text.Length} characters", $"write {LongestText} at most");
        else if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) reader.Problem(value, key, "holds a control character", "remove it");
        else return true;
        return false;
    }
}

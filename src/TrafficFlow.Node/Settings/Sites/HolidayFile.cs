using System.Globalization;
using System.Text;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>
/// Reads a file of holidays: a day and a name in each line, `2027-01-01,元日`; days may be written with slashes, and a first line without a day is a heading, so that the Cabinet
/// Office's syukujitsu.csv can be taken as it is (Shift_JIS included).
/// </summary>
internal static class HolidayFile
{
    private const int MostBytes = 1_000_000;
    private const int MostDays = 10_000;
    private const int LongestName = 100;
    private static readonly string[] s_forms = ["yyyy-MM-dd", "yyyy/M/d", "yyyy-M-d"];

    public static HolidayCalendar Read(SettingsReader reader, string key)
    {
        if (reader.OptionalText(key) is not { } written) return HolidayCalendar.Empty;
        const string Remedy = "name a file with a day and a name in each line, such as 2027-01-01,元日";
        var file = Path.GetFullPath(Path.Combine((reader.Find(key)?.Origin ?? reader.Origin).Folder, written));
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[MostBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MostBytes) reader.Problem(key, $"{written} is larger than {MostBytes / 1000} kB", Remedy);
            // What the file holds is not told: it may be any file that the node can read.
            else if (Parse(Decode(bytes.AsSpan(0, length)), out var line) is { } days) return new HolidayCalendar(days) { File = file };
            else reader.Problem(key, line == 0 ? $"{written} holds no day" : $"line {line} of {written} does not begin with a day", Remedy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader.Problem(key, $"{written} cannot be read ({e.Message})", Remedy);
        }

        return HolidayCalendar.Empty;
    }

    /// <param name="line">The first one that is wrong, from 1; 0 where there is no day at all.</param>
    internal static IReadOnlyDictionary<DateOnly, string>? Parse(string text, out int line)
    {
        var days = new Dictionary<DateOnly, string>();
        line = 0;
        foreach (var row in text.Split('\n'))
        {
            line++;
            var cells = row.Trim('\r', ' ', '\uFEFF').Split(',', 2);
            if (cells is [""] or [['#', ..], ..]) continue;
            if (DateOnly.TryParseExact(cells[0].Trim(), s_forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && days.Count < MostDays)
                days[day] = cells.Length > 1 ? PlainText.Of(cells[1].Trim(), LongestName) : "";
            else if (line > 1) return null;
        }

        if (days.Count > 0) return days;
        line = 0;
        return null;
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetString(bytes);
        }
    }
}

using System.Text;
using TrafficFlow.Core.Workdays;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Reads a file of own days, in UTF-8 or, as the Cabinet Office's syukujitsu.csv is published, in Shift_JIS.</summary>
internal static class HolidayFile
{
    private const int MostBytes = 1_000_000;

    public static WorkCalendar Read(SettingsReader reader, string key)
    {
        if (reader.OptionalText(key) is not { } written) return WorkCalendar.National;
        const string Remedy = "name a file with a day and a name in each line, such as 2026-12-26,創立記念日, or +2026-12-29 for one that is worked on";
        var file = Path.GetFullPath(Path.Combine((reader.Find(key)?.Origin ?? reader.Origin).Folder, written));
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[MostBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MostBytes) reader.Problem(key, $"{written} is larger than {MostBytes / 1000} kB", Remedy);
            // What the file holds is not told: it may be any file that the node can read.
            else if (WorkCalendar.Parse(Decode(bytes.AsSpan(0, length)), out var line) is { } days) return days with { File = file };
            else reader.Problem(key, line == 0 ? $"{written} holds no day" : $"line {line} of {written} does not begin with a day", Remedy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader.Problem(key, $"{written} cannot be read ({e.Message})", Remedy);
        }

        return WorkCalendar.National;
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

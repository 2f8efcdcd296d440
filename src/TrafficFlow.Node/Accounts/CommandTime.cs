using System.Globalization;

namespace TrafficFlow.Node.Accounts;

/// <summary>Days and instants on the command line: 2027-03-31 (UTC), or 2027-03-31T18:00+09:00.</summary>
internal static class CommandTime
{
    private static readonly string[] s_forms = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <summary>When a day begins, or the instant.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static DateTimeOffset Begin(string option, string text) => Read(option, text, isEnd: false);

    /// <summary>When a day ends, or the instant.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static DateTimeOffset End(string option, string text) => Read(option, text, isEnd: true);

    private static DateTimeOffset Read(string option, string text, bool isEnd)
    {
        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)) return isEnd ? day.AddDays(1) : day;
        var hasOffset = text.LastIndexOfAny(['+', '-', 'Z']) > text.IndexOf('T', StringComparison.Ordinal);
        return hasOffset && DateTimeOffset.TryParseExact(text, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant
            : throw new UsageException($"{option} {Core.Texts.PlainText.Of(text, 40)}: write a day, 2027-03-31 (UTC), or an instant with its offset, 2027-03-31T18:00+09:00");
    }
}

using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Notices;
using TrafficFlow.Node.Report;
using TrafficFlow.Web.Pages.Notices;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Node.Notices;

/// <summary>What the options of `notice` may be.</summary>
internal static class NoticeOptions
{
    private const int LongestName = 100;

    /// <exception cref="UsageException">There is no such kind.</exception>
    public static IReadOnlyList<NoticeKind> Kinds(string text) => [.. Words(text).Select(k => k switch
    {
        "sign" => NoticeKind.Sign,
        "guideline" => NoticeKind.Guideline,
        _ => throw new UsageException($"--kind {k}: expected sign, guideline or sign,guideline"),
    })];

    /// <exception cref="UsageException">There is no such language.</exception>
    public static IReadOnlyList<string> Languages(string text) =>
        [.. Words(text).Select(l => NoticeLanguages.All.Contains(l) ? l : throw new UsageException($"--language {l}: expected ja, en or ja,en"))];

    /// <exception cref="UsageException">There is no such format.</exception>
    public static IReadOnlyList<ReportFormat> Formats(string text) => ReportOptions.Formats(text);

    /// <returns>Null where none is named.</returns>
    /// <exception cref="UsageException">A name is none.</exception>
    public static IReadOnlyList<NoticePerson>? Persons(IReadOnlyList<string>? custodians, IReadOnlyList<string>? operators)
    {
        NoticePerson[] persons =
        [
            .. (custodians ?? []).Select(n => new NoticePerson(Name("--custodian", n), Duty.Custodian)), .. (operators ?? []).Select(n => new NoticePerson(Name("--operator", n), Duty.Operator)),
        ];
        return persons.Length == 0 ? null : persons;
    }

    private static string Name(string option, string text)
    {
        var name = text.Trim();
        return name.Length is > 0 and <= LongestName && !name.Any(char.IsControl) ? name : throw new UsageException($"{option}: a name has 1 to {LongestName} characters, and no line ends");
    }

    private static IReadOnlyList<string> Words(string text) => [.. text.ToLowerInvariant().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).DefaultIfEmpty("").Distinct()];
}

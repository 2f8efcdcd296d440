using System.Globalization;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>Names the file of a study: SITE-FROM_TO.study.json with both instants in UTC to the second; one that was made anew SITE-FROM_TO.rNUMBER.study.json.</summary>
/// <param name="Revision">From 1.</param>
public sealed record StudyName(SiteId Site, Interval Span, int Revision = 1)
{
    /// <summary>Of every such file.</summary>
    public const string Ending = ".study.json";
    private const string Instant = "yyyyMMdd'T'HHmmss'Z'";

    public string File => $"{Stem}{(Revision > 1 ? $".r{Revision}" : "")}{Ending}";

    /// <summary>What the names of all studies of this span begin with.</summary>
    internal string Stem => $"{Site.Value}-{Write(Span.From)}_{Write(Span.To)}";

    /// <returns>Null for what is no such name: nothing else is ever opened.</returns>
    public static StudyName? Parse(SiteId site, string file)
    {
        if (!file.StartsWith($"{site.Value}-", StringComparison.Ordinal) || !file.EndsWith(Ending, StringComparison.Ordinal) || file.Length <= site.Value.Length + 1 + Ending.Length) return null;
        if (file[(site.Value.Length + 1)..^Ending.Length].Split('.') is not [var span, .. var numbers] || RevisionOf(numbers) is not { } revision) return null;
        if (span.Split('_') is not [var from, var to] || Read(from) is not { } first || Read(to) is not { } end || end <= first) return null;
        var name = new StudyName(site, new Interval(first, end), revision);
        return name.File == file ? name : null;
    }

    public bool Equals(StudyName? other) => other is not null && File == other.File;

    public override int GetHashCode() => File.GetHashCode(StringComparison.Ordinal);

    private static int? RevisionOf(string[] parts) => parts switch
    {
        [] => 1,
        [['r', .. var number]] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision > 1 => revision,
        _ => null,
    };

    private static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Read(string text) =>
        DateTimeOffset.TryParseExact(text, Instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
